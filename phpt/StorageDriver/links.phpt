--TEST--
Archivist\StorageDriver: a driver that keeps or gives back the very file it was given stores nothing
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Artifact, Engine, Operation, StorageApi, StorageDriver, StorageTask};

class LinkDriver implements StorageDriver
{
    public array $calls = [];

    public function __construct(private string $folder, private string $store, private string $retrieve) {}

    private function place(string $key): string
    {
        return $this->folder . '/' . basename($key);
    }

    public function store(Artifact $data, string $key): void
    {
        $this->calls[] = 'store';
        ($this->store)($data->path, $this->place($key));
    }

    public function retrieve(string $key, string $path): void
    {
        $this->calls[] = 'retrieve';
        ($this->retrieve)($this->place($key), $path);
    }

    public function delete(string $key): void
    {
        $this->calls[] = 'delete';
        unlink($this->place($key));
    }
}

$folder = test_folder();
putenv("TMPDIR=$folder"); // so that all of them lie on one file system
mkdir("$folder/kept");
file_put_contents("$folder/a", str_repeat('abcdefgh', 1000));
foreach ([['link', 'link'], ['link', 'copy'], ['copy', 'link'], ['copy', 'copy']] as [$store, $retrieve]) {
    foreach (['job', 'task'] as $what) {
        $driver = new LinkDriver("$folder/kept", $store, $retrieve);
        echo "$store, $retrieve, $what: ";
        try {
            if ($what === 'job') {
                test_archive(null, [$driver]);
            } else {
                $task = (new StorageApi(new Engine()))->processTask(new StorageTask($driver, Operation::Store, "$folder/a"));
                $task->wait();
            }
            echo "stored";
        } catch (Archivist\Exception\ArchivistException $e) {
            echo $e->getErrorName(), ' ', preg_replace("/'[0-9a-f]{2}\/[^']+'/", 'KEY', $e->getMessage());
        }
        echo '; ', implode(' ', $driver->calls), '; ', count(glob("$folder/kept/*")), " kept\n";
        array_map('unlink', glob("$folder/kept/*"));
    }
}
var_dump(filesize("$folder/a"), test_files($folder));
?>
--EXPECT--
link, link, job: UNSUPPORTED The storage driver 'php' gave back the very file that it was given for the object KEY, which proves nothing; it does not count as stored. A driver must copy the bytes and make no link.; store retrieve delete; 0 kept
link, link, task: UNSUPPORTED The storage driver 'php' gave back the very file that it was given for the object KEY, which proves nothing; it does not count as stored. A driver must copy the bytes and make no link.; store retrieve delete; 0 kept
link, copy, job: UNSUPPORTED The storage driver 'php' keeps a link to the very file that it was given for the object KEY, which proves nothing; it does not count as stored. A driver must copy the bytes and make no link.; store retrieve delete; 0 kept
link, copy, task: UNSUPPORTED The storage driver 'php' keeps a link to the very file that it was given for the object KEY, which proves nothing; it does not count as stored. A driver must copy the bytes and make no link.; store retrieve delete; 0 kept
copy, link, job: stored; store retrieve; 1 kept
copy, link, task: stored; store retrieve; 1 kept
copy, copy, job: stored; store retrieve; 1 kept
copy, copy, task: stored; store retrieve; 1 kept
int(8000)
array(1) {
  [0]=>
  string(1) "a"
}
