// Merging many sorted runs at once, by a tree of losers (Knuth, The Art of Computer Programming, volume 3, 5.4.1).
//
// The first words of all runs play a tournament: a match keeps its loser, the winner goes on to the next, and who wins
// the last one is the least of all. The word that follows it in its run plays only the matches on the same way up.
//
//     2 4 8 --+
//             +-- keeps 7 --+
//     7 9 ----+             |
//                           +-- keeps 3 -- winner: 2
//     3 3 6 --+             |
//             +-- keeps 5 --+
//     5 5 ----+
#ifndef MERGE_H
#define MERGE_H

#include <stddef.h>
#include <stdint.h>

enum {
    // Runs that are merged at once, at most. Every segment of a merge touches a page of each.
    MERGE_WAYS = 32
};

// Follows the last word of a run. No word is larger, and those of a run that equal it stand at its end, before this one:
// who comes to one stays there, and gives it again and again. So none needs to know where its run ends, and as many
// words can be taken as there are.
#define RUN_END 0xFFFFFFFFu

// `count` words by rising value, then RUN_END.
struct run {
    const uint32_t *words;
    size_t count;
};

// A run in the tournament.
struct entrant {
    const uint32_t *next;  // what follows the word that plays
    struct match *first;   // NULL when there are no others
};

// A word that plays, and whose it is.
struct player {
    uint32_t word;
    struct entrant *entrant;
};

struct match {
    struct player loser;
    struct match *next;  // for the winner; NULL after the last
};

// Node 1 is the last match, those for the winners of nodes 2 m and 2 m + 1 are node m, and nodes from `ways` on are runs.
struct tournament {
    struct match matches[MERGE_WAYS];
    struct entrant entrants[MERGE_WAYS];
};

static inline struct player next_of(struct entrant *entrant) {
    struct player player = {*entrant->next, entrant};
    if (player.word != RUN_END) {
        entrant->next++;
    }
    return player;
}

// The least word of 1 to MERGE_WAYS runs.
struct player tournament_begin(struct tournament *tournament, const struct run *runs, size_t ways);

// The least of the words that are left when that of the winner before is taken.
static inline struct player tournament_next(struct player winner) {
    struct player player = next_of(winner.entrant);
    for (struct match *match = winner.entrant->first; match != NULL; match = match->next) {
        if (match->loser.word < player.word) {
            struct player loser = player;
            player = match->loser;
            match->loser = loser;
        }
    }
    return player;
}

// Merges 1 to MERGE_WAYS runs into one, in memory of its own.
struct run merge(const struct run *runs, size_t ways);

#endif
