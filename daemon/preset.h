/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Plans in files: presets to begin with, and those that an administrator gives to a fleet. */

#include "plan.h"

typedef struct Preset {
        char *id; /* the file's name without its ending */
        char *text;
        Plan *plan;
} Preset;

/*
 * All *.plan of simtally/plans in the folders of data (DATADIR, and XDG_DATA_DIRS), by id: Preset;
 * what is not understood is left out, and logged. The caller's to unref.
 */
GArray *presets_load(void);

/* The same of the folder plans.d in CONFIGURATION_DIRECTORY, else /etc/simtally. */
GArray *presets_load_fleet(void);

/* What is known of a SIM that a plan may be for. "" where it is not. */
typedef struct PresetSim {
        const char *iccid, *operator, * plmn;
} PresetSim;

/* The most exact one: by most digits of the ICCID, by network, by operator, for any. NULL: none. */
const Preset *presets_match(const GArray *presets, const PresetSim *sim);
