<?php
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives a folder with exam work into a storage, shows progress, verifies what was stored, and
 * says how anybody can check it without Archivist.
 *
 *     php -d extension=archivist archive_exam.php EXAM-FOLDER STORAGE-FOLDER
 */

// before: make_exam.php exam 1
// check: exam store

declare(strict_types=1);

use Archivist\{Engine, EntryList, Format, Job, JobSpec, LogRecord, PackageOptions, Progress, Verifier};
use Archivist\Exception\ArchivistException;
use Archivist\Storage\Filesystem;

if ($argc !== 3) {
    fwrite(STDERR, "Usage: php archive_exam.php EXAM-FOLDER STORAGE-FOLDER\n");
    exit(2);
}
[, $exam, $store] = $argv;

$terminal = stream_isatty(STDERR);
$showProgress = function (Job $job, Progress $progress) use ($terminal): void {
    $line = sprintf(
        '%-12s %3d %%  %d of %d files, %.1f of %.1f MB',
        $progress->state->label(),
        (int)(100 * $progress->fraction()),
        $progress->entriesDone,
        $progress->entriesTotal,
        $progress->bytesDone / 1e6,
        $progress->bytesTotal / 1e6
    );
    fwrite(STDERR, $terminal ? "\r\e[K$line" : "$line\n");
};
$log = function (LogRecord $record): void {
    fwrite(STDERR, "{$record->level->name}: {$record->message}\n");
};

try {
    // What: every file under its own name, and whose it is: each student has a folder.
    $entries = new EntryList();
    foreach (new DirectoryIterator("$exam/submissions") as $student) {
        if (!$student->isDot()) {
            $name = $student->getFilename();
            $entries->addFolder("submissions/$name", $student->getPathname(), owner: $name);
        }
    }
    $entries->addFolder('', $exam, exclude: ['submissions']);

    // How: one ZIP with a bag inside. UUID and time are input; without them the same content gives
    // the same bytes.
    $package = new PackageOptions(
        name: 'Operating systems, July 2026',
        format: Format::Zip,
        collectedAt: time(),
        createdBy: get_current_user(),
        metadata: ['course' => 'OS-2026', 'keep_until' => '2036-09-30']
    );

    // Where: a storage that never overwrites and reads back what it wrote. PHP sees no byte of it.
    $storage = new Filesystem($store, create: true);

    $begun = hrtime(true);
    $engine = new Engine(logger: $log, logLevel: Archivist\LogLevel::Warning);
    $job = $engine->start(new JobSpec($entries, $package, storages: [$storage], onProgress: $showProgress));
    $result = $job->wait();
    $seconds = (hrtime(true) - $begun) / 1e9;
    if ($terminal) {
        fwrite(STDERR, "\r\e[K");
    }

    $object = $result->stored[0];
    $path = rawurldecode(substr($object->address, strlen('file://')));
    $report = (new Verifier($engine))->verifyStored($storage, $object->key);
} catch (ArchivistException $e) {
    fwrite(STDERR, "\n" . $e->getMessage() . "\n");
    exit(1);
}

foreach ($report->findings as $finding) {
    printf("%s %s: %s\n", $finding->kind->value, $finding->entry ?? '', $finding->message);
}
printf("archive     %s\n", $path);
printf("uuid        %s\n", $result->uuid);
printf("content     %s files, %.1f MB\n", number_format($result->entries), $result->payloadBytes / 1e6);
printf("size        %.1f MB (%.0f %%)\n", $result->containerBytes / 1e6, 100 * $result->containerBytes / max(1, $result->payloadBytes));
printf("sha256      %s\n", $result->sha256);
printf("time        %.2f s, %.0f MB/s, read back and compared\n", $seconds, $result->payloadBytes / 1e6 / $seconds);
printf("verified    %s\n", $report->valid ? 'yes, every file against its manifest' : 'NO');
printf("base        %s\n", $report->baseFolder);
exit($report->valid ? 0 : 1);
