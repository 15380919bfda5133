#!/bin/sh
# Xfce: the command of a Generic Monitor in the panel, every 30 seconds.
simtally status -o genmon
echo "<txtclick>simtally-notify --show</txtclick>"
