# SPDX-License-Identifier: Apache-2.0
# The extension's tests stand in phpt/: tests/ holds C, and run-tests.php finds nothing there.
TESTS ?= $(top_srcdir)/phpt
