"""Processes for tests in which several act at once."""

import multiprocessing
from multiprocessing.context import ForkServerContext

READ_ALREADY = ["tests.enrolments.crowd", "tests.scheduling.rush", "tests.calendars.mail.racing"]
READ_ALREADY += ["tests.messages.fire.child"]


def real_processes() -> ForkServerContext:
    """A `multiprocessing` whose processes are real, and begin at their work.

    They are forked from a process that has read the code and done nothing, as a server's workers are from
    its master: reading it anew in each would take longer than all else they do.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(READ_ALREADY)
    return context
