# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion for fish. The program knows its verbs, and the daemon its SIMs.

function __simtally_offers
        set -l words (commandline --tokenize --cut-at-cursor --current-process)
        simtally --complete $words[2..-1] (commandline --current-token --cut-at-cursor) 2>/dev/null
end

complete --command simtally --no-files --keep-order --arguments '(__simtally_offers)'
complete --command simtally --force-files \
        --condition '__fish_seen_subcommand_from set new export import; or __fish_prev_arg_in check'
