#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line from outside, with public tools as judges.

    cli.py ARCHIVIST [WORD…]      only cases with one of the words in their names

FULL=1 in the environment runs the long ones whole. The last line is "N passed, N failed, N skipped".
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]

import cli_frame
import cli_usage  # noqa: F401  the modules register their cases
import cli_pack  # noqa: F401
import cli_inputs  # noqa: F401
import cli_sources  # noqa: F401
import cli_partial  # noqa: F401
import cli_read  # noqa: F401
import cli_own  # noqa: F401
import cli_golden  # noqa: F401
import cli_storage  # noqa: F401
import cli_import  # noqa: F401
import cli_bad_input  # noqa: F401
import cli_signals  # noqa: F401
import cli_names  # noqa: F401
import cli_job  # noqa: F401
import cli_secrets  # noqa: F401

if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(cli_frame.run_cases(os.path.abspath(sys.argv[1]), sys.argv[2:]))
