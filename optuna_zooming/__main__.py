"""The command line: parse, run the command, exit with a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from . import __version__
from ._command_line.arguments import make_parser
from ._command_line.errors import UserError
from ._logging import only_errors

EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
EXIT_NO_READER = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = make_parser(__version__)
    if not arguments:
        parser.print_help(sys.stderr)
        return EXIT_USER_ERROR
    args = parser.parse_args(arguments)
    try:
        with only_errors():
            args.run(args)
        # What is left in the buffer meets a closed pipe here, not when the interpreter ends.
        sys.stdout.flush()
    except UserError as error:
        print("error:", " ".join(str(error).splitlines()), file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_NO_READER
    return 0


if __name__ == "__main__":
    sys.exit(main())
