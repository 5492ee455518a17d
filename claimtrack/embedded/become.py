"""A script run between fork and exec: give up root, die with the parent, become a program.

It is a script and no `preexec_fn`, which may deadlock where the parent has threads. It may lie in a
folder that only root can read: rights are given up after it was read.
Arguments: parent pid, death signal, user id, group id, then the program and its arguments.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, uid: int, gid: int, argv: list[str]) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # After the change of user, which clears it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("claimtrack: the parent ended before its child began")
    # A shell starts background jobs with SIGINT ignored, and Python ignores SIGPIPE: the child shall not.
    for inherited in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(inherited, signal.SIG_DFL)
    os.execv(argv[0], argv)


if __name__ == "__main__":
    parent, death_signal, uid, gid = map(int, sys.argv[1:5])
    main(parent, death_signal, uid, gid, sys.argv[5:])
