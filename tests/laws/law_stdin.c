// SPDX-License-Identifier: Apache-2.0
//
// Standard input. What comes through a pipe is taken apart by the device's parser while it arrives;
// the tree, every message and the exit status are those of the file, in whatever pieces it comes.
// (law_images.c has every file through a pipe as it goes in.) A file is read from where it stands.
#include "run.h"

#include "../unit/scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include "image.h"

static int open_at(const char *name, size_t at)
{
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, (off_t)at, SEEK_SET), at);
    return fd;
}

// ---- Pipes --------------------------------------------------------------------------------------

// inspect says of a pipe, in pieces of this size, what it says of the file `name` with these bytes.
static void as_a_file_does(const char *name, const struct image *im, size_t piece)
{
    int fd = open_at(name, 0);
    run_stdin(fd);
    const struct run *r = run("inspect --json -");
    int status = r->status;
    char *out = strdup(r->out), *err = strdup(r->err);
    (void)close(fd);
    run_pipe(im->p, im->n, piece);
    r = run("inspect --json -");
    want(r->status == status, "%s in pieces of %zu: status %d, and %d from the file", name, piece,
         r->status, status);
    want(strcmp(r->out, out) == 0, "%s in pieces of %zu: another tree", name, piece);
    want(strcmp(r->err, err) == 0, "%s in pieces of %zu: other messages", name, piece);
    free(out);
    free(err);
}

TEST(in_pieces)
{
    static const char *const names[] = {"fixtures/rcp_image/good-with-signed-host.bin",
                                        "fixtures/matter/good-rcp.bin",
                                        "fixtures/matter/bad-matter-digest.bin"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct image im = image_load(names[i]);
        as_a_file_does(names[i], &im, 1);
        as_a_file_does(names[i], &im, 77); // fits nothing
        image_free(&im);
    }
}

// A bit that flips anywhere in an image is seen from a pipe as from a file.
TEST(a_flipped_bit)
{
    struct image im = image_load("fixtures/rcp_image/good-with-host.bin");
    for (size_t at = 100; at < im.n; at += 191) {
        im.p[at] ^= 16;
        image_save(&im, "flipped.bin");
        as_a_file_does("flipped.bin", &im, 0);
        im.p[at] ^= 16;
    }
    image_free(&im);
}

// ---- Files that were read from before -----------------------------------------------------------

static struct image host(void)
{
    struct image im = image_load("fixtures/rcp_image/good-with-host.bin");
    struct image app = rcp_part(&im, 5);
    image_free(&im);
    return app;
}

static const struct run *expect_from(int status, const char *name, size_t at, const char *command)
{
    int fd = open_at(name, at);
    run_stdin(fd);
    const struct run *r = expect(status, "%s", command);
    (void)close(fd);
    return r;
}

static void is_read_from(size_t place, const struct image *app)
{
    struct image behind = image_fill(0, place);
    image_append(&behind, app->p, app->n);
    image_save(&behind, "behind.bin");
    image_free(&behind);
    (void)expect_from(0, "behind.bin", place, "verify -");
    (void)expect_from(0, "behind.bin", place, "inspect --json -");
    const json_t *file = at(document(), "files[0]");
    want(number_at(file, "size") == (json_int_t)app->n &&
             number_at(file, "root.size") == (json_int_t)app->n &&
             number_at(file, "root.offset") == 0 &&
             strcmp(text_at(file, "root.format"), "esp_image") == 0,
         "behind %zu bytes something else is seen", place);
    (void)expect_from(0, "behind.bin", place, "extract - desc -o desc.bin");
    want(file_is("desc.bin", app->p + AT_DESC, 256), "behind %zu bytes: another description",
         place);
    (void)unlink("desc.bin");
}

TEST(a_file_is_read_from_where_it_stands)
{
    static const size_t places[] = {1, 84, 4096, 70000};
    struct image app = host();
    for (size_t i = 0; i < COUNT(places); i++) {
        is_read_from(places[i], &app);
    }
    image_save(&app, "app.bin");
    (void)expect_from(0, "app.bin", 0, "verify -");
    // At the end there is nothing; amid an image there is no image.
    const struct run *r = expect_from(1, "app.bin", app.n, "verify -");
    want(says(r->err, "\\[known-format\\]$"), "nothing is not of no known format");
    (void)expect_from(1, "app.bin", 16, "verify -");
    // By its name the file is read from its start.
    (void)expect_from(0, "app.bin", 100, "verify app.bin");
    image_free(&app);
}

UNIT(stdin)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_pieces),
        cmocka_unit_test(a_flipped_bit),
        cmocka_unit_test(a_file_is_read_from_where_it_stands),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
