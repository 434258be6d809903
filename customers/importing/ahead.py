"""Work on one part of a file while the next one is made."""

from queue import Full, Queue
from threading import Event, Thread

from django.utils import translation

WAIT = 0.1  # seconds until a thread that cannot go on looks whether it is still wanted
END = object()


def ahead(items, *, most=2):
    """The items in order, made by a thread that is at most so many ahead, in the language of the caller.

    For a generator that asks nothing of the database: a thread would have a connection of its own. What it raises is
    raised here. Closing ends the thread and closes the generator.
    """
    line, unwanted, language = Queue(most), Event(), translation.get_language()

    def put(item, failure=None):
        while not unwanted.is_set():
            try:
                return line.put((item, failure), timeout=WAIT)
            except Full:
                continue

    def make():
        try:
            with translation.override(language):
                for item in items:
                    put(item)
                    if unwanted.is_set():
                        break
                items.close()
            put(END)
        except BaseException as failure:
            put(END, failure)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while True:
            item, failure = line.get()
            if failure is not None:
                raise failure
            if item is END:
                return
            yield item
    finally:
        unwanted.set()
        thread.join()
