# One process at a time: `hold_lock` waits until this one is it, until it ends or calls `let_go`. For scripts that set $lock,
# the path of a link; $work, what is done, for who waits; $unfinished, what of it to remove; and that have `fail`.

holds=no
hold_lock() {
    [ $holds = no ] || return 0
    waits=no
    missed=0
    until take_lock "$lock"; do
        if ! holder=$(readlink "$lock"); then
            # It was let go just now, which cannot be so again and again, or something else is amiss.
            missed=$((missed + 1))
            [ $missed -lt 25 ] || fail "$lock cannot be made ($(ln -s $$ "$lock" 2>&1)): mend that, and try again."
        elif [ $waits = no ] && is_alive "$holder"; then
            echo "Waiting for another $work (pid $holder) …" >&2
            waits=yes
        fi
        sleep 0.2
    done
    holds=yes
    trap let_go EXIT
    trap 'exit 130' HUP INT TERM
}

# Another user's process is alive too, though it cannot be signalled.
is_alive() {
    said=$(LC_ALL=C kill -0 "$1" 2>&1) && return
    case $said in
    *"not permitted"*) ;;
    *) return 1 ;;
    esac
}

# Makes the link, whose target is its holder's pid, or fails. The link of a dead holder is removed by whoever has the lock
# for that, and has looked again: another may have removed it since, and hold the lock by now.
take_lock() (
    ! ln -s $$ "$1" 2>/dev/null || exit 0
    holder=$(readlink "$1") && ! is_alive "$holder" && take_lock "$1-" || exit 1
    [ "$(readlink "$1")" != "$holder" ] || rm -f "$1"
    rm -f "$1-"
    exit 1
)

let_go() {
    [ $holds = no ] || rm -rf ${unfinished:+"$unfinished"} "$lock"
    holds=no
}
