/* A lossy reader: lossy.rs (R7). It takes no part: no lock, no entry, no store. */
#ifdef TAP
proctype Tap() provided (RUNS) {
  byte s, before, after, one, two;
  do
  :: s == LAST -> break
  :: s < LAST ->
    if
    :: published > s -> before = published
    :: timeout -> break
    fi;
    if
    :: s < OLDEST_OF(before) -> s = OLDEST_OF(before)             /* Lapped */
    :: else ->
      one = slot[s % CAP];                                        /* copy_racing: two words of it */
      two = slot[s % CAP];
      after = published;
      d_step {
        if
#ifdef BREAK_R7 /* does not reckon with what the last scan opened */
        :: s + CAP < after -> s = OLDEST_OF(after)
#else
        :: s < OLDEST_OF(after) -> s = OLDEST_OF(after)           /* Lapped */
#endif
        :: else -> assert(one == EVENT(s, writer[s]) && two == one); s++
        fi;
        one = 0; two = 0; after = 0
      }
    fi;
    before = 0
  od
}
#endif
