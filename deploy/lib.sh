# Shared by the scripts of this folder; sourced, not run.

say() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }
has_systemd() { [ -d /run/systemd/system ]; }

# with_settings FILE COMMAND...   Runs COMMAND with the variables of an environment file, read as systemd reads it:
# NAME=VALUE line by line, nothing expanded, one pair of quotes around a value taken off.
with_settings() {
    local file=$1 line value
    local -a given=()
    shift
    while IFS= read -r line || [ -n "$line" ]; do
        [[ $line =~ ^([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        value=${BASH_REMATCH[2]}
        [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
        # Matching a value overwrites BASH_REMATCH, so that the name is taken from the line.
        given+=("${line%%=*}=$value")
    done < "$file"
    env "${given[@]}" "$@"
}

# unit_value UNIT KEY   Prints what a unit file says for a key, the last time it says it.
unit_value() { sed -nE "s/^$2=(.*)$/\1/p" "$1" | tail -n 1; }
