"""Twenty students on a JupyterHub.  .venv/bin/python benchmarks/hub.py [students=20] [lesson=03] [turns=4] [every=5]

A JupyterHub on this machine, with one server for each student (SimpleLocalProcessSpawner), as teaching/hub.md sets
it up. Students arrive one after another, `every` so many seconds. Each logs in with a browser's page, pulls the
course with nbgitpuller's link, opens the lesson, runs all of it and moves the first slider by its keys. Servers,
kernels and pages all stay until the end; then every student moves the slider once more, all within the same second.

The browser works on the same machine, and twenty pages that all load JupyterLab at once take it from the servers; a
class brings its own. So at most `turns` students are between logging in and moving the slider; who arrives
meanwhile waits, and that wait is printed apart from the rest. turns=20 lets all of them in.

Then: who finished, how long each step took, how many cells had to be run again because anywidget gave up on a
slider (README, "Failed to initialize model"), and memory (proportional set size, at its highest) and processor time
of each student's server and kernel, and a student's share of the browser's. Linux only. The hub, its proxy and
their packages are fetched the first time, into build/hub.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import psutil

ROOT = Path(__file__).resolve().parent.parent
HUB = ROOT / "build" / "hub"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

PACKAGES = ["jupyterhub>=5.3", "nbgitpuller>=1.2"]
COURSE = "pip install --quiet --reinstall-package=lrcore".split()
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
LIMIT = 900  # seconds that a student has
AWAKE = "--disable-background-timer-throttling --disable-renderer-backgrounding".split()
AWAKE.append("--disable-backgrounding-occluded-windows")
STEPS = ("the server runs", "the lesson is open", "the kernel is ready", "all cells have run", "the slider has moved")
GAVE_UP = re.compile("Failed to initialize model|Error displaying widget")
READY = (
    "async () => { const { shell, restored } = window.jupyterapp; await restored;"
    " await shell.currentWidget.context.sessionContext.ready; }"
)
COMMAND = "command => window.jupyterapp.commands.execute(command).then(() => null)"
ERRORS = (
    "() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells"
    ".flatMap(c => c.outputs || []).filter(o => o.output_type === 'error').map(o => o.evalue)"
)
TO_SLIDER = (
    "async () => { const book = window.jupyterapp.shell.currentWidget.content;"
    " const k = book.widgets.findIndex(c => (c.model.getMetadata('tags') || []).includes('explorer'));"
    " book.activeCellIndex = k; await book.scrollToItem(k, 'start'); return k; }"
)


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
        subprocess.run([*pip, *PACKAGES], check=True)
        npm = libraries.npm()
        subprocess.run([*npm, "install", "--prefix", HUB / "node", "configurable-http-proxy"], check=True)
        stamp.write_text("\n".join(PACKAGES))
    else:
        libraries.npm()  # node may be ours: on the PATH
    course = [*COURSE, "--python", inside, ROOT]
    subprocess.run([sys.executable, "-m", "uv", *course], check=True)
    shutil.rmtree(HUB / "homes", ignore_errors=True)
    shutil.rmtree(HUB / "course.git", ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, HUB / "course.git"], check=True)
    subprocess.run(["git", "-C", HUB / "course.git", "update-ref", "refs/heads/main", "HEAD"], check=True)
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


def use(process):
    """(megabytes that are a process's own or its share, seconds that a processor has worked for it)."""
    times = process.cpu_times()
    return process.memory_full_info().pss / 2**20, times.user + times.system


class Watch(threading.Thread):
    """Keeps the highest memory and the processor time of each student's server and kernel, every five seconds."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peaks, self.seconds, self.together, self.alive, self.over = {}, {}, 0, {}, threading.Event()
        self.pages = 0, 0

    def run(self):
        while not self.over.wait(5):
            self.look()

    def look(self):
        now = {}
        for process in psutil.process_iter():
            if name := of_a_student(process):
                with contextlib.suppress(psutil.Error, OSError):
                    kind = "kernel" if "ipykernel_launcher" in " ".join(process.cmdline()) else "server"
                    memory, seconds = use(process)
                    before = now.get((name, kind), (0, 0))
                    now[name, kind] = before[0] + memory, before[1] + seconds
        for key, (memory, seconds) in now.items():
            self.peaks[key] = max(self.peaks.get(key, 0), memory)
            self.seconds[key] = max(self.seconds.get(key, 0), seconds)
        self.together = max(self.together, sum(memory for memory, _ in now.values()))
        with contextlib.suppress(psutil.Error, OSError):
            browser = [use(each) for each in psutil.Process().children(recursive=True) if "chrom" in each.name()]
            self.pages = max(self.pages, tuple(map(sum, zip(*browser, strict=True))))
        self.alive = {kind: sum(each == kind for _, each in now) for kind in ("server", "kernel")}


class Student:
    """One student: the seconds at which each step was done, what went wrong, how often a slider's cell ran again."""

    def __init__(self, name, begun):
        self.name, self.begun, self.done, self.errors, self.again = name, begun, {}, [], 0

    def tell(self, step):
        now = time.monotonic()
        self.done[step] = now - self.since
        print(f"{now - self.begun:6.0f} s  {self.name}: {step} after {now - self.since:.0f} s", flush=True)

    async def attend(self, browser, at, stem, turn, arrival):
        """Arrive, wait for a turn, do the lesson. Bad luck of one student is a result, not the end of the class."""
        await asyncio.sleep(arrival)
        self.since = arrived = time.monotonic()
        async with turn:
            self.since, self.waited = time.monotonic(), time.monotonic() - arrived
            print(f"{self.since - self.begun:6.0f} s  {self.name}: begins, waited {self.waited:.0f} s", flush=True)
            try:
                async with asyncio.timeout(LIMIT):
                    await self.study(browser, at, stem)
            except Exception as error:
                self.errors.append(f"{type(error).__name__}: {str(error)[:300]}")
                print(f"{time.monotonic() - self.begun:6.0f} s  {self.name}: {self.errors[-1]}", flush=True)

    async def study(self, browser, at, stem):
        """Log in, pull the course, open the lesson, run all, move the slider."""
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        self.page = page = await context.new_page()
        page.set_default_timeout(LIMIT * 1000)
        link = f"git-pull?repo={quote(str(HUB / 'course.git'), safe='')}&branch=main&targetPath=course"
        there = quote(f"lab/tree/course/notebooks/{stem}.ipynb", safe="")
        await page.goto(f"http://127.0.0.1:{at}/hub/user-redirect/{link}&urlpath={there}")
        await page.locator("input[name=username]").fill(self.name)
        await page.locator("input[name=password]").fill("any")
        await page.locator("input[type=submit]").click()
        await page.wait_for_url("**/user/*/git-pull**", wait_until="commit")
        self.tell(STEPS[0])
        await page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.tell(STEPS[1])
        await page.evaluate(READY)
        self.tell(STEPS[2])
        await page.evaluate(COMMAND, "notebook:run-all-cells")
        self.tell(STEPS[3])
        self.errors += await page.evaluate(ERRORS)
        index = await page.evaluate(TO_SLIDER)
        self.cell = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
        for _ in range(3):  # anywidget gives up after two seconds: the README says to run the cell again
            shown = self.cell.locator("input[type=range]").or_(self.cell.get_by_text(GAVE_UP))
            await shown.first.wait_for()
            if await self.cell.locator("input[type=range]").count():
                break
            self.again += 1
            print(f"{time.monotonic() - self.begun:6.0f} s  {self.name}: runs the slider's cell again", flush=True)
            await page.evaluate(COMMAND, "notebook:run-cell")
        await self.move()
        self.tell(STEPS[4])

    async def move(self):
        """Press a key on the slider, and wait until the line below it says something else."""
        slider, line = self.cell.locator("input[type=range]").first, self.cell.locator("[role=status]").first
        await slider.focus()
        said, begun = await line.inner_text(), time.monotonic()
        await slider.press("ArrowRight")
        while await line.inner_text() == said:
            await asyncio.sleep(0.02)
        return time.monotonic() - begun

    async def once_more(self):
        """The seconds from key to picture, when all do it."""
        try:
            async with asyncio.timeout(60):
                return await self.move()
        except Exception as error:
            self.errors.append(f"at the end, {type(error).__name__}: {str(error)[:300]}")


async def lesson(at, students, stem, turns, every):
    """The class: (its students, the last key's seconds, what was watched)."""
    from playwright.async_api import async_playwright

    import chromium
    from conftest import FLAGS

    watch, turn, begun = Watch(), asyncio.Semaphore(turns), time.monotonic()
    group = [Student(f"student{k:02d}", begun) for k in range(1, students + 1)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=[*FLAGS, *AWAKE])
        watch.start()
        await asyncio.gather(*(each.attend(browser, at, stem, turn, every * k) for k, each in enumerate(group)))
        through = [each for each in group if STEPS[-1] in each.done]
        waits = await asyncio.gather(*(each.once_more() for each in through))
        watch.over.set()
        watch.join()
        watch.look()
        await browser.close()
    return group, [wait for wait in waits if wait is not None], watch


def spread(numbers, unit, digits=0):
    return f"median {statistics.median(numbers):.{digits}f} {unit}, most {max(numbers):.{digits}f} {unit}"


def main(students=20, lesson_number="03", turns=4, every=5):
    stem = next((ROOT / "notebooks").glob(f"{lesson_number}-*.ipynb")).stem
    inside, at = install(), port()
    load, hub, begun = os.getloadavg()[0], start(inside, at), time.monotonic()
    try:
        group, waits, watch = asyncio.run(lesson(at, students, stem, turns, every))
    finally:
        end(hub)
    finished = [each for each in group if len(each.done) == len(STEPS) and not each.errors]
    print(f"\n{stem}, {students} students on a hub, one every {every} s, {turns} in the lesson at a time, "
          f"{len(os.sched_getaffinity(0))} cores, load before: {load:.1f}")  # fmt: skip
    print(f"  {len(finished)} finished without an error, the last after {time.monotonic() - begun:.0f} s")
    alive = ", ".join(f"{number} {kind}s" for kind, number in watch.alive.items())
    print(f"  alive together at the end: {alive}; all of them at their most {watch.together / 1024:.1f} GB")
    print(f"  cells run again because anywidget gave up: {sum(each.again for each in group)}")
    for each in group:
        if each not in finished:
            print(f"  {each.name}: {json.dumps(each.errors)[:400]} after {', '.join(each.done) or 'nothing'}")
    if not finished:
        print((HUB / "run" / "log.txt").read_text()[-3000:])
        return
    print(f"  waited for a turn: {spread([each.waited for each in finished], 's')}")
    for step in STEPS:
        print(f"  {step}: {spread([each.done[step] for each in finished], 's')}")
    if waits:
        print(f"  all {len(waits)} press a key at once, until each has its picture: {spread(waits, 's', 2)}")
    for kind in ("server", "kernel"):
        sizes = [size for (_, each), size in watch.peaks.items() if each == kind]
        seconds = [spent for (_, each), spent in watch.seconds.items() if each == kind]
        print(f"  a student's {kind}: memory {spread(sizes, 'MB')}; processor {spread(seconds, 's')}")
    memory, seconds = (each / students for each in watch.pages)
    print(f"  a student's share of the browser: memory {memory:.0f} MB; processor {seconds:.0f} s")


if __name__ == "__main__":
    given = dict(argument.split("=") for argument in sys.argv[1:])
    numbers = {name: int(given[name]) for name in ("students", "turns", "every") if name in given}
    main(lesson_number=given.get("lesson", "03"), **numbers)
