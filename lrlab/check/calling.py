"""A learner's function is called: what it raises is the learner's own error, and is never caught.

Only two things are looked after: dots that it still returns, and a loop that does not end.
"""

import ctypes
import io
import sys
import threading
import time
from contextlib import redirect_stdout
from functools import wraps

SECONDS, PRINTED = 5, 20_000  # as long as an answer may run, and as many characters as it may print
STILL = (
    "Your answer is still running after {:g} seconds: does its loop end? Interrupt or restart the kernel to stop it.\n"
)


class Unreadable(Exception):
    """An answer of the wrong kind, and the sentence that says so."""


class Unfinished(Exception):
    """A function that returns ... still."""


class TooLong(BaseException):
    """Raised inside a function that goes on and on; no Exception, which the function might catch."""


class _Some(io.TextIOBase):
    """What is printed, up to PRINTED characters."""

    def __init__(self, out):
        self.out, self.left = out, PRINTED

    def write(self, text):
        self.left -= len(text)
        if self.left < 0:
            raise TooLong(f"prints more than {PRINTED} characters")
        return self.out.write(text)

    def flush(self):
        self.out.flush()


def asked(function):
    """The function, which says so where it still returns dots, or nothing at all."""

    @wraps(function)
    def asks(*given, **named):
        __tracebackhide__ = True
        found = function(*given, **named)
        if any(part is ... for part in (found if isinstance(found, (list, tuple)) else [found])):
            raise Unfinished
        if found is None:
            raise Unreadable("Your function returns nothing yet: end it with `return`.")
        return found

    return asks


def called(function, *arguments, seconds=None):
    """function(*arguments); Unreadable where it is still running after `seconds`, or SECONDS.

    A second thread raises TooLong in the learner's loop, again and again: a bare `except:` swallows those
    that come inside its `try`, and not the one that comes between two rounds of its loop. What goes on all the same,
    such as a long sleep, is told of while it goes on.
    """
    __tracebackhide__ = True
    if sys.platform == "emscripten":  # JupyterLite: a browser tab gives Python no second thread
        return _inside(function, arguments)
    ended, seconds = threading.Event(), seconds or SECONDS
    about = threading.get_ident(), ended, seconds, sys.stdout
    watcher = threading.Thread(target=_watch, args=about)
    try:
        try:
            watcher.start()
            return _inside(function, arguments)
        finally:
            ended.set()
            watcher.join()
    except TooLong as reason:
        said = str(reason) or f"is still running after {seconds:g} seconds"
        raise Unreadable(f"Your answer {said}: does its loop end?") from None


def _inside(function, arguments):
    """The frame by which _watch knows that a learner's function is running."""
    __tracebackhide__ = True
    with redirect_stdout(_Some(sys.stdout)):
        return function(*arguments)


def _watch(thread, ended, seconds, out):
    """Raise TooLong in a thread while _inside is on its stack, once `seconds` have gone by; say so if it is no use."""
    if ended.wait(seconds):
        return
    begun, told = time.monotonic(), False
    while not ended.wait(0.002):
        frame = sys._current_frames().get(thread)
        while frame is not None and frame.f_code is not _inside.__code__:
            frame = frame.f_back
        if frame is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TooLong))
        if not told and time.monotonic() - begun > 1:
            told = True
            out.write(STILL.format(seconds))
            out.flush()
