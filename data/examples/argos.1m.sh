#!/bin/sh
# GNOME with Argos: ~/.config/argos/simtally.1m.sh, executable. It runs every minute.
exec simtally status -o argos
