"""The printing process, which must not outlive the worker it prints for."""

import signal
import subprocess
import sys

import psutil

_PRINTER = """
import os, sys, time
from ops.wiring import printing_process
pool = printing_process()
if __name__ == "__main__":
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""

_CARELESS = _PRINTER.replace(
    "pool = printing_process()",
    "import multiprocessing\n"
    "from concurrent.futures import ProcessPoolExecutor\n"
    "pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn'))",
)


def printer_of_a_killed(program: str, tmp_path: object) -> psutil.Process:
    """Start ``program``, kill it with -9 once it prints, and return its printing process."""
    script = f"{tmp_path}/program.py"
    with open(script, "w") as file:
        file.write(f"import sys; sys.path.insert(0, '.')\n{program}")
    worker = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    printer = psutil.Process(int(worker.stdout.readline()))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    return printer


def test_the_printing_process_ends_with_a_worker_that_was_killed(tmp_path: object) -> None:
    """
    A killed worker cannot say goodbye; the kernel does.
    """
    printer = printer_of_a_killed(_PRINTER, tmp_path)

    gone, alive = psutil.wait_procs([printer], timeout=10)

    assert ([printer], []) == (gone, alive)


def test_an_ordinary_process_would_stay(tmp_path: object) -> None:
    """
    The control: without the kernel's word it outlives its worker.
    """
    printer = printer_of_a_killed(_CARELESS, tmp_path)

    assert printer.is_running()
    printer.kill()
