"""Turns at a file: one at a time, in order, none kept by the dead."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from ticket_form.errors import StorageUnavailable
from ticket_form.storage.write_queue import WriteQueue, open_write_queue

fork = multiprocessing.get_context("fork")


def take_and_stay(path: Path, told: "multiprocessing.connection.Connection") -> None:
    with WriteQueue(path, 10).turn():
        told.send("mine")
        time.sleep(60)


def test_turns_come_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    desks = [WriteQueue(tmp_path / "turn", 20) for _ in range(8)]
    came: list[int] = []

    def write(number: int) -> None:
        with desks[number].turn():
            came.append(number)
            time.sleep(0.02)

    first = WriteQueue(tmp_path / "turn", 20)
    writers = [threading.Thread(target=write, args=(number,)) for number in range(len(desks))]
    with first.turn():
        for writer in writers:
            writer.start()
            time.sleep(0.05)  # they are asked for one after another
        assert came == []
    for writer in writers:
        writer.join()
    assert came == list(range(len(desks)))


def test_a_process_that_dies_in_its_turn_does_not_keep_it(tmp_path: Path) -> None:
    told, tell = fork.Pipe()
    process = fork.Process(target=take_and_stay, args=(tmp_path / "turn", tell))
    process.start()
    assert told.recv() == "mine"
    waiting = WriteQueue(tmp_path / "turn", 0.1)
    with pytest.raises(StorageUnavailable, match="other processes"), waiting.turn():
        pass
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with waiting.turn():
        pass


def test_who_gives_up_is_out_of_the_way_of_those_behind(tmp_path: Path) -> None:
    busy, hasty, patient = (WriteQueue(tmp_path / "turn", seconds) for seconds in (10, 0.05, 10))
    had = threading.Event()

    def wait() -> None:
        with patient.turn():
            had.set()

    with busy.turn():
        behind = threading.Thread(target=wait)
        with pytest.raises(StorageUnavailable), hasty.turn():
            pass
        behind.start()
        assert not had.wait(0.2)
    assert had.wait(10)
    behind.join()


def test_a_damaged_file_of_numbers_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "turn").write_bytes(b"abc")
    write_queue = WriteQueue(tmp_path / "turn", 1)
    for _ in range(3):
        with write_queue.turn():
            pass
    write_queue.close()
    assert (tmp_path / "turn").read_bytes() == (3).to_bytes(8, "little")


def test_a_place_that_cannot_be_written_has_no_turns(tmp_path: Path) -> None:
    assert open_write_queue(tmp_path / "missing" / "tickets.sqlite", 1) is None
