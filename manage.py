#!/usr/bin/env python
"""The commands of claimtrack; `manage.py up` runs everything on this machine."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    execute_from_command_line(sys.argv)
