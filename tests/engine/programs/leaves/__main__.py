import pathlib
import subprocess
import sys
import time

import pulumi

STRAY = """
import os, pathlib, sys, time
if os.fork():
    os._exit(0)
os.setsid()
pathlib.Path(sys.argv[1], f"stray-{os.getpid()}").touch()
time.sleep(600)
"""

config = pulumi.Config()
folder = pathlib.Path(config.require("folder"))

# One keeps the output of the program open, the other has no parent and nothing of the environment.
daemon = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
subprocess.run([sys.executable, "-c", STRAY, str(folder)], env={}, check=True)
while not list(folder.glob("stray-*")):
    time.sleep(0.05)
pathlib.Path(folder, f"daemon-{daemon.pid}").touch()

if config.get_bool("wait"):
    time.sleep(600)
if config.get_bool("fail"):
    raise ValueError("not today")
