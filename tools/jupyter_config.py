"""How JupyterLab and Notebook save a lesson, however they were started: tools/setup puts this file into
.venv/etc/jupyter/jupyter_server_config.py.
"""

import contextlib
import os
import shutil
import uuid
import warnings

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

VIEW = "application/vnd.jupyter.widget-view+json"


# As the lessons are stored: without the version of whoever opens them.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def as_stored(model, **_):
    """A notebook as it is to be saved: the kernel without its version, a slider's picture without its widget.

    So opening a lesson and saving it changes nothing. The widgets end with their kernel: a notebook that
    stored them would open with errors in their place.
    """
    if model["type"] != "notebook" or not model.get("content"):
        return
    about = model["content"].get("metadata", {})
    if about.get("kernelspec", {}).get("name") == KERNEL["name"]:
        about.update(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data and "image/png" in data:
                del data[VIEW]


class Renames(AsyncLargeFileManager):
    """Saves beside the file's place, then renames: a save that is killed leaves the lesson as it was.

    JupyterLab itself writes in place; what it keeps beside it counts only once the lesson is opened again.
    """

    @contextlib.contextmanager
    def atomic_writing(self, os_path, text=True, encoding="utf-8", **given):
        path = os.path.realpath(os_path)
        folder, name = os.path.split(path)
        there = os.path.exists(path)
        if not os.access(folder, os.W_OK) or (there and not os.access(path, os.W_OK)):
            with super().atomic_writing(os_path, text=text, encoding=encoding, **given) as file:
                yield file
            return
        part = os.path.join(folder, f".{name}.{uuid.uuid4().hex[:8]}.part")
        kind = {"mode": "w", "encoding": encoding, "newline": "\n"} if text else {"mode": "wb"}
        try:
            with open(part, **kind) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if there:
                shutil.copymode(path, part)
            os.replace(part, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise


# JupyterLab reads this file twice, and would warn a learner of the hook that it replaces by itself.
warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")
c = get_config()  # noqa: F821
c.ContentsManager.pre_save_hook = as_stored
c.ServerApp.contents_manager_class = Renames
