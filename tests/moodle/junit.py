#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows what PHPUnit logged in the words of ./dev test: junit.py FILE"""
import sys
import xml.etree.ElementTree as ElementTree


def main():
    passed = failed = skipped = 0
    try:
        for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
            name = f"{case.get('class')}::{case.get('name')}"
            wrong = [inner for inner in case if inner.tag in ("failure", "error", "warning")]
            if wrong:
                print(f"FAILED {name}: {(wrong[0].text or '').strip()[:800]}")
                failed += 1
            elif case.find("skipped") is not None:
                print(f"skip {name}")
                skipped += 1
            else:
                passed += 1
    except (OSError, ElementTree.ParseError) as error:
        print(f"FAILED PHPUnit left no result: {error}")
        failed += 1
    if not passed + failed:
        print("FAILED PHPUnit: there is no test")
        failed = 1
    if passed:
        print(f"ok PHPUnit: {passed} tests")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
