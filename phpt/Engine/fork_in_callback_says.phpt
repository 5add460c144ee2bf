--TEST--
What ends a child that returns from the callback in which it was forked
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';

class Told
{
    public function __destruct() { echo "destructed\n"; }
}

$dir = test_folder(__FILE__);
foreach ([fn() => null, fn() => throw new \LogicException('thrown in the child'), fn() => exit(3)] as $way) {
    $list = (new EntryList())->addCallback('a', function (int $length) use ($way) {
        static $reads = 0;
        if ($reads++ === 0) {
            $told = new Told();
            if ((($pid = pcntl_fork()) === 0)) {
                return $way();
            }
            pcntl_waitpid($pid, $status);
            unset($told);
            echo 'the child: ', pcntl_wexitstatus($status), "\n";
        }
        return '';
    });
    (new Engine())->start(test_spec("$dir/" . uniqid() . '.zip', $list))->wait();
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
destructed

Fatal error: A callback of Archivist forked, and the child returned from it. The child must end inside the callback, by exit() or pcntl_exec(); to go on in a child, fork before the engine runs or between two calls of wait() and poll(). in %s on line %d
destructed
the child: 255
%a
Fatal error: A callback of Archivist forked, and the child returned from it. The child must end inside the callback, by exit() or pcntl_exec(); to go on in a child, fork before the engine runs or between two calls of wait() and poll(). in %s on line %d
destructed
the child: 255
destructed
destructed
the child: 3
