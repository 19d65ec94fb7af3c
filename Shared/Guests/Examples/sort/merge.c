#include "merge.h"

#include <stdlib.h>

// The winner of all matches from a node down.
static struct player play(struct tournament *tournament, size_t ways, size_t node) {
    struct match *next = node == 1 ? NULL : &tournament->matches[node / 2];
    if (node >= ways) {
        struct entrant *entrant = &tournament->entrants[node - ways];
        entrant->first = next;
        return next_of(entrant);
    }
    struct player one = play(tournament, ways, 2 * node);
    struct player other = play(tournament, ways, 2 * node + 1);
    tournament->matches[node] = (struct match){one.word < other.word ? other : one, next};
    return one.word < other.word ? one : other;
}

struct player tournament_begin(struct tournament *tournament, const struct run *runs, size_t ways) {
    for (size_t i = 0; i < ways; i++) {
        tournament->entrants[i].next = runs[i].words;
    }
    return play(tournament, ways, 1);
}

struct run merge(const struct run *runs, size_t ways) {
    size_t count = 0;
    for (size_t i = 0; i < ways; i++) {
        count += runs[i].count;
    }
    uint32_t *words = malloc(4 * (count + 1));
    struct tournament tournament;
    struct player least = tournament_begin(&tournament, runs, ways);
    for (size_t i = 0; i < count; i++) {
        words[i] = least.word;
        least = tournament_next(least);
    }
    words[count] = RUN_END;
    return (struct run){words, count};
}
