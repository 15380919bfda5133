# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion for bash. The program knows its verbs, and the daemon its SIMs.

_simtally() {
        local -a words=()
        local word

        # What readline has taken apart at "=", and quoted.
        for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
                [[ $word == = ]] || words+=("${word//[\\\"\']/}")
        done

        COMPREPLY=()
        while IFS=$'\t' read -r word _; do
                COMPREPLY+=("$(printf %q "$word")")
        done < <(simtally --complete "${words[@]}" 2>/dev/null)
}

complete -o default -F _simtally simtally
