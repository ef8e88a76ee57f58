/* One segment: producers that follow each other, consumers that join, read, leave, die and come back.
 *
 * A step is one load, store, compare-and-swap or system call of the code, and names the function it stands for. What
 * stands in one `d_step` or `atomic` is one such step and the bookkeeping (ghosts) that the assertions need. Memory is
 * sequentially consistent here: weaker orders are what the loom models are for. See README.md.
 *
 * What can be set by -D, with what it is if it is not: */

#ifndef CAP
#define CAP 2            /* slots */
#endif
#ifndef Q
#define Q 1              /* ring::quantum */
#endif
#ifndef LAST
#define LAST 4           /* events that are published in all */
#endif
#ifndef NP
#define NP 2             /* producers, each the successor of one before */
#endif
#ifndef NC
#define NC 2             /* consumer processes */
#endif
#ifndef NE
#define NE NC            /* entries of the registry: 1 or 2 */
#endif
#ifndef KILLS
#define KILLS 1          /* processes that are killed, at any step */
#endif
/* IDS     each consumer process has an id of its own  STARTS   consumers may ask for any start, not just none
 * DENSE   slots without stamps                        HOLD   OnConsumerDeath::HoldForever instead of Evict
 * PARK    who waits sleeps on a futex                 TAP    a lossy reader too
 * REQUIRED  id 0 is required (with HOLD)
 * STAYS   consumers leave only when the stream ends   BREAK_x   without what invariant x demands: must fail */

#define OPEN 255         /* ring::OPEN */
#define TORN 255         /* a slot that is being written */
#define NONE 0           /* Start: none given; resume if known, else the latest */
#define LATEST 1
#define OLDEST 2
#define RESUME 3

/* entry::State */
#define FREE 0
#define RESERVED 1
#define CLAIMING 2
#define ACTIVE 3
#define EVICTED 4
#define DETACHED 5
#define JOINING 6

#ifdef IDS
#define ID(c) c
#else
#define ID(c) 0
#endif
#define NN (NP + NC)     /* participants: 1 to NP are producers, the others consumers */
#define EVENT(s, k) ((s) * NP + (k))     /* what producer k writes into the slot of s */

/* --- the segment --- */
byte published, closed_at = OPEN, epoch, detached;       /* the producer's page */
byte state[NE], cursor[NE], page_id[NE];                 /* entry words; consumer pages; id + 1, 0 = none */
byte keeps[NE];                                          /* consumer pages: where one stood that goes back, + 1 */
byte slot[CAP], stamp[CAP];

/* --- the kernel's locks (os/lock.rs): who holds them, 0 = nobody --- */
byte lock_producer, lock_id[NC], lock_entry[NE];

/* --- ghosts --- */
bit gone[NN + 1];         /* killed or ended */
byte writer[LAST + 1];    /* who made s visible, 0 = nobody has */
byte number[NP + 1];      /* which producer has that epoch */
byte lent[NC];            /* sequence + 1 that a consumer reads now */
byte owner[NE];           /* whose entry it is */
byte saved[NC];           /* sequence + 1 where an id goes on, as it settled last */
byte closer;              /* who closed */
byte kills;

#define GATES(e) (state[e] == ACTIVE || state[e] == JOINING || state[e] == RESERVED)              /* Word::gates */
/* ConsumerPage::kept: where it stood, or where it had decided to start. */
#define SET_BACK(e) (cursor[e] < keeps[e] -> keeps[e] - 1 : cursor[e])
#define OLDEST_OF(p) ((p) + Q > CAP -> (p) + Q - CAP : 0)                 /* Ring::oldest */
#ifdef DENSE
#define VISIBLE(s) (published > (s))                                      /* Reader::look */
#else
#define VISIBLE(s) (stamp[(s) % CAP] == (s) + 1)
#endif

#include "ring/wait.pml"
#include "ring/kernel.pml"
#include "ring/producer.pml"
#include "ring/join.pml"
#include "ring/consumer.pml"
#include "ring/tap.pml"

init {
  atomic {
    byte i = 1;
#ifdef REQUIRED
    /* Segment::require, before anybody finds it */
    state[0] = RESERVED; page_id[0] = 1; saved[0] = 1;
#endif
    do :: i <= NP -> run Producer(i); i++ :: else -> break od;
    i = 0;
    do :: i < NC -> run Consumer(NP + 1 + i, i); i++ :: else -> break od;
#ifdef TAP
    run Tap();
#endif
#if KILLS > 0
    run Killer();
#endif
    i = 0
  }
}
