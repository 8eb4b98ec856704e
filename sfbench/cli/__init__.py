"""The command line: one file per verb. `main` is what the `sfbench` command runs."""

from __future__ import annotations

import sys
from collections.abc import Callable

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process with its exit code: 0 fine, 1 findings, 2 bad input, 3 internal."""
    from sfbench.cli.finish import finish, one_blas_thread, readable_streams

    code = 130  # a Ctrl-C while modules load finds no verb at work
    try:
        readable_streams()
        one_blas_thread()
        from sfbench.cli.app import asked, configured
        from sfbench.cli.failure import language

        application = asked(sys.argv[1:])
        command: Callable[..., object] = application
        if language() == "zh":
            from sfbench.cli.help_words import whole

            command = whole(application)
        command(prog_name="sfbench", **configured())
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
    except KeyboardInterrupt:
        pass
    finish(code)
