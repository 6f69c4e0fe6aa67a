"""A learner's function is called: what it raises becomes a sentence, and so does what never ends."""

import io
import sys
import time
from contextlib import redirect_stdout

import numpy as np

from ..expect import shown

SECONDS, PRINTED = 5, 20_000  # as long as a function may take, and as many characters as it may print


class Unreadable(Exception):
    """An answer of the wrong kind, and the sentence that says so."""


class _Endless(BaseException):
    """Raised inside a function that goes on and on; not an Exception, which the function might catch."""


class _Some(io.TextIOBase):
    """What is printed, up to PRINTED characters."""

    def __init__(self, out):
        self.out, self.left = out, PRINTED

    def write(self, text):
        self.left -= len(text)
        if self.left < 0:
            raise _Endless(f"prints more than {PRINTED} characters")
        return self.out.write(text)


def called(function, *arguments):
    """function(*arguments); Unreadable with a sentence where it stops, or does not."""
    end, debugger = time.monotonic() + SECONDS, sys.gettrace()

    def watch(frame, *_):
        frame.f_trace_opcodes = True  # a loop in one line has no lines to watch
        if time.monotonic() > end:
            raise _Endless(f"is still running after {SECONDS} seconds")
        return watch

    try:
        with np.errstate(all="ignore"), redirect_stdout(_Some(sys.stdout)):
            sys.settrace(debugger or watch)
            try:
                return function(*arguments)
            finally:
                sys.settrace(debugger)
    except _Endless as reason:
        raise Unreadable(f"Your function {reason}: does its loop end?") from None
    except (Exception, SystemExit) as error:  # whatever a learner's function may raise
        said = f"{type(error).__name__}: {shown(error, str, 160)}"
        raise Unreadable(f"Your function stopped with {said}.") from None
