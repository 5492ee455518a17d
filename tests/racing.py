"""Running the same thing many times at once, each time on a connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once[A, R](do: Callable[[A], R], arguments: Iterable[A]) -> list[R | Exception]:
    """Do it for all arguments at the same moment: what each returned, or the exception that it raised."""
    wanted = list(arguments)
    start = Barrier(len(wanted))

    def run(argument: A) -> R | Exception:
        start.wait(10)
        try:
            return do(argument)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(run, wanted))
