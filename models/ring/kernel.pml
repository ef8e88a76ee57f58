/* Life and death: os/lock.rs. */

/* The end of a process, however it comes about: it makes no further step, and the kernel drops its locks at once (L1; a
 * delay between the two is a process that is alive and makes no step). */
inline end_of(me) {
  gone[me] = 1;
  if :: lock_producer == me -> lock_producer = 0 :: else fi;
  k = 0;
  do
  :: k < NC -> if :: lock_id[k] == me -> lock_id[k] = 0 :: else fi; k++
  :: else -> break
  od;
  k = 0;
  do
#ifndef BREAK_L2
  :: k < NE -> if :: lock_entry[k] == me -> lock_entry[k] = 0 :: else fi; k++
#else /* L2: a forked child keeps the description, and with it the lock. */
  :: k < NE -> if :: lock_entry[k] == me && me <= NP -> lock_entry[k] = 0 :: else fi; k++
#endif
  :: else -> break
  od;
  k = 0;
  if :: me > NP -> lent[me - NP - 1] = 0 :: else fi
}

/* SIGKILL for anyone, between any two steps. Nobody makes a step until the one that was chosen is dead. */
byte dying;
#define RUNS (dying == 0 || dying == _pid)     /* participants have the pids 1 to NN */

proctype Killer() provided (RUNS) {
  byte v;
  do
  :: atomic { kills < KILLS ->
      select(v : 1 .. NN);
      if
      :: gone[v] == 0 -> dying = v; kills++
      :: else
      fi;
      v = 0;
      if :: kills == KILLS -> break :: else fi
    }
  :: kills < KILLS -> break
  od
}
