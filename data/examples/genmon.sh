#!/bin/sh
# Xfce: the command of a Generic Monitor in the panel, every 30 seconds.
exec simtally status -o genmon
