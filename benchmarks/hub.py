"""Twenty students on a JupyterHub.  .venv/bin/python benchmarks/hub.py [students=20] [lesson=03]

A JupyterHub on this machine, with one server for each student (SimpleLocalProcessSpawner), as teaching/hub.md sets it
up. Each student logs in with a browser, pulls the course with nbgitpuller's link, opens the lesson, runs all of it and
moves a slider by its keys. All begin within seconds. Then: who finished, how long each waited, and the memory
of each student's server and kernel (proportional set size, at its highest). The browsers work on the same machine, so
the times are longer than a class would see. Linux only. The hub, its proxy and their packages are fetched the first
time, into build/hub.
"""

import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psutil

ROOT = Path(__file__).resolve().parent.parent
HUB = ROOT / "build" / "hub"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

PACKAGES = ["jupyterhub>=5.3", "nbgitpuller>=1.2"]
CONFIG = """
import os
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {port} + 1
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:" + str({port} + 2)
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 40
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.environment = {{"OPENBLAS_NUM_THREADS": "1", "PATH": {path!r} + ":" + os.environ["PATH"]}}
"""
MOVED = "rate => document.querySelector('.lr-explorer input[type=text]').value !== rate"


def install():
    """The hub's packages, its proxy, and a repository of the course for nbgitpuller; returns the Python."""
    import libraries

    inside, stamp = HUB / "bin" / "python", HUB / "packages"
    if not stamp.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, HUB], check=True)
        lock = ROOT / "tools" / "locks" / "lab.txt"
        pip = [*uv, "pip", "install", "--quiet", "--python", inside]
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
        subprocess.run([*pip, *PACKAGES, ROOT], check=True)
        npm = libraries.npm()
        subprocess.run([*npm, "install", "--prefix", HUB / "node", "configurable-http-proxy"], check=True)
        stamp.write_text("\n".join(PACKAGES))
    else:
        libraries.npm()  # node may be ours: on the PATH
    shutil.rmtree(HUB / "homes", ignore_errors=True)
    shutil.rmtree(HUB / "course.git", ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, HUB / "course.git"], check=True)
    return inside


def port():
    """A port p with p + 1 and p + 2 free as well, so far as one can see."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(inside, at):
    """The hub, once it answers."""
    proxy = ["node", str(HUB / "node" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy")]
    config = CONFIG.format(port=at, proxy=proxy, homes=str(HUB / "homes"), path=str(HUB / "bin"))
    folder = HUB / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (HUB / "homes").mkdir()
    (folder / "jupyterhub_config.py").write_text(config)
    with open(folder / "log.txt", "w") as log:
        hub = subprocess.Popen([inside, "-m", "jupyterhub"], cwd=folder, stdout=log, stderr=log, start_new_session=True)
    until = time.monotonic() + 120
    while time.monotonic() < until and hub.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", at), timeout=1).close()
            time.sleep(3)
            return hub
        except OSError:
            time.sleep(0.5)
    end(hub)
    sys.exit((folder / "log.txt").read_text()[-3000:])


def end(hub):
    """The hub, its proxy and every server and kernel."""
    family = [*psutil.Process(hub.pid).children(recursive=True)] if hub.poll() is None else []
    family += [p for p in psutil.process_iter() if of_a_student(p)]
    hub.terminate()
    for process in family:
        try:
            process.kill()
        except psutil.Error:
            pass
    hub.wait()


def of_a_student(process):
    """The name of the student whose server or kernel a process is, or None."""
    try:
        home = process.environ().get("HOME", "")
    except (psutil.Error, OSError):
        return None
    return Path(home).name if Path(home).parent == HUB / "homes" else None


async def watch(peaks):
    """Keep the highest memory of each student's processes, in megabytes: {name: {"server": …, "kernel": …}}."""
    while True:
        now = {}
        for process in psutil.process_iter():
            if name := of_a_student(process):
                try:
                    kind = "kernel" if "ipykernel_launcher" in " ".join(process.cmdline()) else "server"
                    size = process.memory_full_info().pss / 2**20
                except psutil.Error:
                    continue
                now.setdefault(name, {}).setdefault(kind, []).append(size)
        for name, kinds in now.items():
            for kind, sizes in kinds.items():
                peaks.setdefault(name, {})[kind] = max(peaks.get(name, {}).get(kind, 0), sum(sizes))
        await asyncio.sleep(2)


async def student(browser, at, name, stem):
    """Log in, pull the course, open the lesson, run all, move the slider: the seconds after which each was done."""
    begun, done = time.monotonic(), {}
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(900_000)
    link = f"git-pull?repo={quote(str(HUB / 'course.git'), safe='')}&branch=main&targetPath=course"
    there = quote(f"lab/tree/course/notebooks/{stem}.ipynb", safe="")
    await page.goto(f"http://127.0.0.1:{at}/hub/user-redirect/{link}&urlpath={there}")
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill("any")
    await page.locator("input[type=submit]").click()
    await page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    done["the lesson is open"] = time.monotonic() - begun
    await page.evaluate("window.jupyterapp.restored")
    await page.evaluate(
        "async () => { const { shell, commands } = window.jupyterapp;"
        " await shell.currentWidget.context.sessionContext.ready; await commands.execute('notebook:run-all-cells'); }"
    )
    done["all cells have run"] = time.monotonic() - begun
    errors = await page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells"
        ".flatMap(c => c.outputs || []).filter(o => o.output_type === 'error').map(o => o.evalue)"
    )
    await page.evaluate(
        "async () => { const book = window.jupyterapp.shell.currentWidget.content;"
        " const k = book.widgets.findIndex(c => (c.model.getMetadata('tags') || []).includes('explorer'));"
        " book.activeCellIndex = k; await book.scrollToItem(k, 'start'); }"
    )
    slider = page.locator(".lr-explorer input[type=range]").first
    await slider.focus()
    rate = await page.locator(".lr-explorer input[type=text]").first.input_value()
    await slider.press("ArrowRight")
    await page.wait_for_function(MOVED, arg=rate)
    done["the slider has moved"] = time.monotonic() - begun
    return done, errors, context


async def one(browser, at, name, stem):
    try:
        return await student(browser, at, name, stem)
    except Exception as error:  # one student's bad luck is a result, not the end of the lesson
        return {}, [f"{type(error).__name__}: {str(error)[:300]}"], None


async def lesson(at, students, stem):
    from playwright.async_api import async_playwright

    import chromium
    from conftest import FLAGS

    peaks = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        watching = asyncio.create_task(watch(peaks))
        names = [f"student{k:02d}" for k in range(1, students + 1)]
        found = await asyncio.gather(*(one(browser, at, name, stem) for name in names))
        await asyncio.sleep(4)
        watching.cancel()
        await browser.close()
    return dict(zip(names, found, strict=True)), peaks


def main(students=20, lesson_number="03"):
    stem = next((ROOT / "notebooks").glob(f"{lesson_number}-*.ipynb")).stem
    inside, at = install(), port()
    hub = start(inside, at)
    try:
        found, peaks = asyncio.run(lesson(at, students, stem))
    finally:
        end(hub)
    cores, log = len(os.sched_getaffinity(0)), (HUB / "run" / "log.txt").read_text()
    finished = [done for done, errors, _ in found.values() if len(done) == 3 and not errors]
    print(f"{stem}, {students} students on a hub, {cores} cores: {len(finished)} finished without an error")
    for name, (done, errors, _) in found.items():
        if errors or len(done) < 3:
            print(f"  {name}: {json.dumps(errors)[:400]} after {', '.join(done) or 'nothing'}")
    for step in finished[0] if finished else ():
        times = [done[step] for done in finished]
        print(f"  {step}: median {statistics.median(times):.0f} s, last {max(times):.0f} s")
    for kind in ("server", "kernel"):
        sizes = [each[kind] for each in peaks.values() if kind in each]
        if sizes:
            print(f"  memory of a student's {kind}: median {statistics.median(sizes):.0f} MB, most {max(sizes):.0f} MB")
    if not finished:
        print(log[-3000:])


if __name__ == "__main__":
    given = dict(argument.split("=") for argument in sys.argv[1:])
    main(int(given.get("students", 20)), given.get("lesson", "03"))
