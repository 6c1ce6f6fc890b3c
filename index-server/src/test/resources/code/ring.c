#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define EACH(ring, i)               \
    for (size_t i = (ring)->first; \
         i < (ring)->last; i++)

/* A ring of bytes; "}" in a comment closes nothing. */
struct ring {
    unsigned char *bytes;
    size_t capacity;
    size_t first, last;
};

typedef enum { RING_OK, RING_FULL = '{', RING_EMPTY = '}' } ring_result;

static size_t ring_length(const struct ring *ring)
{
    return ring->last - ring->first;
}

struct ring *ring_new(size_t capacity)
{
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL)
        return NULL;
    ring->bytes = malloc(capacity);
    ring->capacity = capacity;
#ifdef RING_DEBUG
    fprintf(stderr, "ring of {%zu}\n", capacity);
#else
    (void)capacity;
#endif
    return ring;
}

ring_result ring_put(struct ring *ring, const void *from, size_t length)
{
    const unsigned char *bytes = from;
    if (ring_length(ring) + length > ring->capacity) {
        return RING_FULL;
    }
    for (size_t i = 0; i < length; i++) {
        ring->bytes[ring->last++ % ring->capacity] = bytes[i];
    }
    return RING_OK;
}

int main(int argc, char **argv)
{
    struct ring *ring = ring_new(64);
    const char *text = argc > 1 ? argv[1] : "nothing {";
    if (ring_put(ring, text, MIN(strlen(text), 64)) != RING_OK) {
        puts("full }");
        return 1;
    }
    EACH(ring, i) putchar(ring->bytes[i]);
    return 0;
}
