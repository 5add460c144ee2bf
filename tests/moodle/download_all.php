<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * What "download all submissions" of an assignment sends: $LAB/bin/php download_all.php CODE CM >FILE
 */

define('CLI_SCRIPT', true);
[, $code, $cmid] = $argv;
require("$code/config.php");
require_once("$CFG->dirroot/mod/assign/locallib.php");
\core\session\manager::set_user(get_admin());
raise_memory_limit(MEMORY_EXTRA);
[$course, $cm] = get_course_and_cm_from_cmid((int) $cmid, 'assign');
$assign = new assign(context_module::instance($cm->id), $cm, $course);
$downloader = new \mod_assign\downloader($assign);
if (!$downloader->load_filelist()) {
    throw new Exception('There is nothing to download.');
}
$downloader->download_zip();
