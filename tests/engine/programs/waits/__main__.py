import pathlib
import subprocess
import sys
import time

import pulumi

pulumi.log.info("waiting")
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(pulumi.Config().require("started")).write_text(str(helper.pid))
time.sleep(600)
