"""Lesson 00's first check: whether this machine can do what the lessons ask. It tries, and reads no version numbers."""

import hashlib
import io
import os
import sys
import warnings
from pathlib import Path

import numpy as np

from lrcore import data

DIGESTS = {  # SHA-256 of the data that lessons compare their numbers with
    "school-district.csv": "85031afba4866da42aaff595938f304941aa4010fffa266587b926cb70caef02",
    "digits.csv": "5677c346137ec9482fc08c632270c352a08574039b8fe61793d72ec2ec64ad94",
}


def _formats():
    format(np.pi, "z.3f")  # as lesson 05 prints


def _computes():
    assert np.allclose(np.linalg.lstsq([[1.0], [2.0]], [3.0, 6.0])[0], 3)


def _has_the_data():
    for name, digest in DIGESTS.items():
        if hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() != digest:
            raise ValueError(f"data/{name} was changed; git checkout -- data/{name} brings it back")


def _draws():
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().set_title(r"$\eta$")
    for kind in "svg", "png":
        figure.savefig(io.BytesIO(), format=kind)


def _has_sliders():
    import anywidget
    import ipywidgets

    ipywidgets.FloatSlider().close()
    assert anywidget.AnyWidget


ABILITIES = {
    "Python does not format numbers as the lessons do": _formats,
    "NumPy does not solve least squares as the lessons do": _computes,
    "The data sets are not as they should be": _has_the_data,
    "Matplotlib does not draw": _draws,
    "Sliders cannot be made": _has_sliders,
}
IN_A_TERMINAL = "Close JupyterLab; then, in a terminal, in the folder of the course, type: "
ADVICE = {
    "Colab": "Run %pip install --upgrade numpy matplotlib anywidget in a cell, then choose Runtime → Restart session.",
    "Kaggle": "Run %pip install --upgrade numpy matplotlib anywidget in a cell, then choose Run → Restart & clear.",
    "Lite": "This page was built without it: reload the page, and if that does not help, tell whoever runs it.",
    "Binder": "Start the session again from its link; what was installed by hand in a session is lost.",
    "hub": "Tell whoever runs this hub: the course needs what its environment.yml names.",
    "conda": f"{IN_A_TERMINAL}conda env update --file environment.yml",
    "course": f"{IN_A_TERMINAL}make clean lab",
    "laptop": f"{IN_A_TERMINAL}make lab",
}


def place(environ=os.environ, modules=sys.modules, platform=sys.platform, prefix=sys.prefix):
    """Where this kernel runs: a key of ADVICE."""
    prefix = Path(prefix)
    signs = {
        "Lite": platform == "emscripten",
        "Colab": "COLAB_RELEASE_TAG" in environ or "google.colab" in modules,
        "Kaggle": "KAGGLE_KERNEL_RUN_TYPE" in environ,
        "Binder": "BINDER_SERVICE_HOST" in environ or "BINDER_LAUNCH_HOST" in environ,
        "hub": "JUPYTERHUB_USER" in environ,
        "conda": (prefix / "conda-meta").is_dir(),
        "course": (prefix / "lrcore-stamp").exists(),
    }
    return next((name for name, there in signs.items() if there), "laptop")


def installed(abilities=ABILITIES):
    """One line: everything works here; or what does not, why, and what to do about it in this place."""
    for what, attempt in abilities.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", FutureWarning)
                attempt()
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            return f"✗ {what} ({reason.rstrip('.')}). {ADVICE[place()]}"
    return "Everything is installed."
