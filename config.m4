dnl SPDX-License-Identifier: Apache-2.0
dnl Reads the two lists of sources and probes libraries, nothing else. See docs/build.md.

PHP_ARG_ENABLE([archivist],
  [whether to enable archivist],
  [AS_HELP_STRING([--enable-archivist], [Enable archives of exams: pack, seal, store, verify])],
  [yes])

if test "$PHP_ARCHIVIST" != "no"; then
  AC_PATH_PROG([PKG_CONFIG], [pkg-config], [no])
  if test "$PKG_CONFIG" = "no"; then
    AC_MSG_ERROR([pkg-config is missing: install the package pkg-config])
  fi

  dnl ARCHIVIST_LIBRARY(module of pkg-config, least version, package that holds it, macro if optional)
  m4_define([ARCHIVIST_LIBRARY], [
    AC_MSG_CHECKING([for $1 $2])
    if $PKG_CONFIG --exists "$1 >= $2"; then
      AC_MSG_RESULT([`$PKG_CONFIG --modversion $1`])
      PHP_EVAL_INCLINE([`$PKG_CONFIG --cflags $1`])
      PHP_EVAL_LIBLINE([`$PKG_CONFIG --libs $1`], [ARCHIVIST_SHARED_LIBADD])
      m4_ifval([$4], [ARCHIVIST_CFLAGS="$ARCHIVIST_CFLAGS -D$4"])
    else
      m4_ifval([$4], [AC_MSG_RESULT([no])],
        [AC_MSG_ERROR([$1 $2 or newer is missing: install the package $3])])
    fi
  ])

  ARCHIVIST_CFLAGS="-D_GNU_SOURCE -DZEND_ENABLE_STATIC_TSRMLS_CACHE=1 -Wall -Wextra -Wno-unused-parameter -fvisibility=hidden -fno-strict-aliasing"
  ARCHIVIST_LIBRARY([libuv], [1.42], [libuv1-dev])
  ARCHIVIST_LIBRARY([libarchive], [3.4], [libarchive-dev])
  ARCHIVIST_LIBRARY([libcrypto], [3.0], [libssl-dev])
  ARCHIVIST_LIBRARY([libcurl], [7.88], [libcurl4-openssl-dev])
  ARCHIVIST_LIBRARY([jansson], [2.13], [libjansson-dev])
  ARCHIVIST_LIBRARY([libutf8proc], [2.5], [libutf8proc-dev])
  ARCHIVIST_LIBRARY([zlib], [1.2.11], [zlib1g-dev])
  ARCHIVIST_LIBRARY([libzstd], [1.4], [libzstd-dev])
  ARCHIVIST_LIBRARY([libdeflate], [1.10], [libdeflate-dev], [ARV_HAVE_LIBDEFLATE])
  ARCHIVIST_LIBRARY([libisal], [2.30], [libisal-dev], [ARV_HAVE_ISAL])

  dnl Hardening, as in core/CMakeLists.txt: what the compiler does not know, or warns of with the CFLAGS of this
  dnl build, is left out. The C library's checks need an optimizer, and level 3 a compiler that knows sizes at run time.
  dnl ARCHIVIST_HARDEN(flags): adds them if the compiler takes them; else, if given, those of the second argument
  m4_define([ARCHIVIST_HARDEN], [
    AC_MSG_CHECKING([whether $CC takes $1])
    archivist_cflags=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[]])],
      [AC_MSG_RESULT([yes])
       CFLAGS=$archivist_cflags
       ARCHIVIST_CFLAGS="$ARCHIVIST_CFLAGS $1"],
      [AC_MSG_RESULT([no])
       CFLAGS=$archivist_cflags
       m4_ifval([$2], [ARCHIVIST_HARDEN([$2])])])
  ])
  ARCHIVIST_HARDEN([-fstack-protector-strong])
  ARCHIVIST_HARDEN([-fstack-clash-protection])
  ARCHIVIST_HARDEN([-fcf-protection])
  ARCHIVIST_HARDEN([-mbranch-protection=standard])
  ARCHIVIST_HARDEN([-Wformat -Werror=format-security])
  ARCHIVIST_HARDEN([-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])
  ARCHIVIST_SHARED_LIBADD="$ARCHIVIST_SHARED_LIBADD -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack"

  ARCHIVIST_SOURCES=`sed -n 's/[[[:space:]]]*$//; /./p' "$abs_srcdir/core/sources.list" "$abs_srcdir/ext/sources.list" | tr '\n' ' '`

  PHP_NEW_EXTENSION([archivist], [$ARCHIVIST_SOURCES], [$ext_shared],, [$ARCHIVIST_CFLAGS])
  for folder in `echo "$ARCHIVIST_SOURCES" | tr ' ' '\n' | sed -n 's|/[[^/]]*$||p' | sort -u`; do
    PHP_ADD_BUILD_DIR([$ext_builddir/$folder], [1])
  done
  PHP_ADD_INCLUDE([$ext_srcdir/core/include])
  PHP_ADD_INCLUDE([$ext_srcdir/core/src])
  PHP_ADD_INCLUDE([$ext_srcdir/ext])
  PHP_SUBST([ARCHIVIST_SHARED_LIBADD])
  PHP_ADD_MAKEFILE_FRAGMENT([$ext_srcdir/ext/Makefile.frag])
fi
