// SPDX-License-Identifier: Apache-2.0
#include "espota.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "digest_span.h"
#include "espota_response.h"
#include "text.h"

enum { COMMAND_FLASH = 0, COMMAND_FILESYSTEM = 100, COMMAND_PASSWORD = 200 };
enum { ANSWER_MOST = 255 };

// What stands open while a device is talked to.
struct talk {
    const struct espota *x;
    os_socket udp, listener;
    struct os_address device, own;
    uint16_t own_port;
    char answer[ANSWER_MOST + 1]; // its last one
    struct arena arena;
    struct err *e;
};

// ---- What went wrong ----------------------------------------------------------------------------

// What devices say, and what can be done about it.
static const struct {
    const char *said, *todo;
} remedies[] = {
    {"Not Enough Space", "make the file smaller, or give the board a layout with more room for it"},
    {"Not Be", "give the board a partition table with a place for it"},
    {"Signature", "sign it with the key that what runs there knows"},
    {"lash config", "build it for the size of the flash that this board has"},
    {"Bad Size", "build it for the size of the flash that this board has"},
    {"bootstrapping", "reset the board once: it was last written by its serial port"},
    {"Activate",
     "build it for this chip and its partition table; otapack verify --chip tells more"},
    {"agic", "see what kind of file this board takes"},
    {"MD5", "push it again"},
    {"already running", "wait until it is done"},
};

enum espota_end espota_refused(const struct espota *x, const char *said, struct err *e)
{
    const char *todo = "its serial port may tell more";
    for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
        if (strstr(said, remedies[i].said) != NULL) {
            todo = remedies[i].todo;
            break;
        }
    }
    err_set(e, STATUS_NO, "%s: does not take %s, and says '%s'; %s", x->host, x->name, said, todo);
    return ESPOTA_REFUSED;
}

static enum espota_end cannot(const struct talk *t, const char *what, const char *todo)
{
    err_set(t->e, STATUS_CANNOT, "%s: %s; %s", t->x->host, what, todo);
    return ESPOTA_CANNOT;
}

static enum espota_end lost(const struct talk *t, const char *what, const char *todo)
{
    (void)cannot(t, what, todo);
    return ESPOTA_LOST;
}

static enum espota_end unreachable(struct talk *t)
{
    const char *const todo = "see that this machine and the device are in one network";
    return lost(t, arena_printf(&t->arena, "cannot be reached: %s", strerror(errno)), todo);
}

// ---- Datagrams ----------------------------------------------------------------------------------

static enum espota_end no_answer(struct talk *t)
{
    struct arena *a = &t->arena;
    if (errno == ECONNREFUSED || errno == ECONNRESET) {
        return lost(t, arena_printf(a, "nothing listens at its port %u", t->x->port),
                    "see that ArduinoOTA runs there, or give its --port");
    }
    if (errno != ETIMEDOUT) {
        return unreachable(t);
    }
    return lost(
        t, arena_printf(a, "no answer from port %u in %g s", t->x->port, t->x->timeout / 1000.0),
        "see that the device is on, in this network and runs ArduinoOTA, or give its "
        "--port");
}

// Sends a line; what comes back is a line, too, with or without its end.
static enum espota_end ask(struct talk *t, const char *line)
{
    unsigned wait = t->x->timeout;
    ssize_t n = os_send(t->udp, line, strlen(line), wait);
    n = n < 0 ? n : os_receive(t->udp, t->answer, ANSWER_MOST, wait);
    if (n < 0) {
        return no_answer(t);
    }
    t->answer[n] = '\0';
    t->answer[strcspn(t->answer, "\r\n")] = '\0';
    return ESPOTA_TAKEN;
}

static bool says(const struct talk *t, const char *beginning)
{
    return strncmp(t->answer, beginning, strlen(beginning)) == 0;
}

static enum espota_end invite(struct talk *t)
{
    uint8_t md5[16];
    if (!digest_of(DIGEST_MD5, &t->x->file, md5)) {
        err_set(t->e, STATUS_CANNOT, "%s: cannot be read any more; push it again", t->x->name);
        return ESPOTA_CANNOT;
    }
    const char *line =
        arena_printf(&t->arena, "%d %u %" PRIu64 " %s\n",
                     t->x->as.filesystem ? COMMAND_FILESYSTEM : COMMAND_FLASH, t->own_port,
                     t->x->file.size, text_hex(&t->arena, md5, sizeof(md5)));
    return ask(t, line);
}

// An answer that is no OK, once no password is asked for any more.
static enum espota_end no_ok(struct talk *t)
{
    static const char error[] = "ERR: ";
    if (says(t, error)) {
        return espota_refused(t->x, t->answer + strlen(error), t->e);
    }
    const char *said = text_printable(&t->arena, t->answer);
    return cannot(t, arena_printf(&t->arena, "answers '%.60s', which no ArduinoOTA says", said),
                  "correct --host and --port");
}

// ---- The password -------------------------------------------------------------------------------

// What the device asks shows which core it has.
static enum espota_end look_at_challenge(struct talk *t, enum espota_scheme *scheme)
{
    if (!espota_scheme_of(t->answer + strlen("AUTH "), scheme)) {
        return no_ok(t);
    }
    if (*scheme == ESPOTA_MD5 && t->x->without_md5) {
        return cannot(t, "asks for its password by MD5", "leave out --no-md5, or update its core");
    }
    if (*scheme != ESPOTA_MD5 && t->x->as.core == ARDUINO_ESP8266) {
        err_set(t->e, STATUS_NO,
                "%s: asks for its password as an ESP32 does, and %s is for an ESP8266; correct "
                "--host, or push an app for that chip",
                t->x->host, t->x->name);
        return ESPOTA_REFUSED;
    }
    return ESPOTA_TAKEN;
}

static enum espota_end respond(struct talk *t, enum espota_scheme scheme)
{
    const char *nonce = arena_string(&t->arena, t->answer + strlen("AUTH "));
    char cnonce[ESPOTA_TEXT_ROOM], response[ESPOTA_TEXT_ROOM];
    const struct secret *password = t->x->password(t->x->ctx, t->e);
    if (password == NULL) {
        return ESPOTA_CANNOT;
    }
    if (!espota_cnonce(scheme, cnonce) ||
        !espota_respond(scheme, password, nonce, cnonce, response)) {
        return cannot(t, "its password cannot be used: the system gives no random numbers",
                      "try again");
    }
    return ask(t, arena_printf(&t->arena, "%d %s %s\n", COMMAND_PASSWORD, cnonce, response));
}

// A device that waits for a response does not hear the next invitation; any other line ends that.
static void give_up(const struct talk *t)
{
    static const char line[] = "200\n";
    (void)(os_send(t->udp, line, strlen(line), t->x->timeout) < 0);
}

static enum espota_end challenge(struct talk *t, bool of_md5)
{
    enum espota_scheme scheme;
    enum espota_end end = look_at_challenge(t, &scheme);
    scheme = of_md5 && scheme == ESPOTA_SHA256 ? ESPOTA_SHA256_OF_MD5 : scheme;
    end = end == ESPOTA_TAKEN ? respond(t, scheme) : end;
    if (end == ESPOTA_CANNOT || end == ESPOTA_REFUSED) {
        give_up(t);
    }
    if (end != ESPOTA_TAKEN || !says(t, "Auth")) {
        return end;
    }
    // The sketch may give its password as an MD5: the newer cores take that, too.
    if (scheme == ESPOTA_SHA256 && !t->x->without_md5) {
        end = invite(t);
        return end == ESPOTA_TAKEN && says(t, "AUTH ") ? challenge(t, true) : end;
    }
    const char *file = t->x->password_file;
    err_set(t->e, STATUS_NO, "%s: refuses the password; %s%s", t->x->host,
            file == NULL ? "try another" : "correct what is in ", file == NULL ? "" : file);
    return ESPOTA_REFUSED;
}

// ---- The connection -----------------------------------------------------------------------------

static enum espota_end no_connection(struct talk *t)
{
    char host[OS_HOST_ROOM];
    uint16_t port;
    if (!os_address_text(&t->own, host, &port)) {
        host[0] = '\0';
    }
    return lost(
        t,
        arena_printf(&t->arena, "says OK, and does not connect to %s, port %u", host, t->own_port),
        "let it through the firewall here (--host-port names one port), or see that it "
        "has room for the file");
}

// Somebody else may connect meanwhile, and is sent away.
static bool is_device(const struct talk *t, const struct os_address *who)
{
    char host[OS_HOST_ROOM], other[OS_HOST_ROOM];
    uint16_t port;
    return os_address_text(&t->device, host, &port) && os_address_text(who, other, &port) &&
           strcmp(host, other) == 0;
}

static enum espota_end await_device(struct talk *t, os_socket *device)
{
    uint64_t end = os_milliseconds() + t->x->timeout, now;
    struct os_address who;
    *device = -1;
    while (*device < 0 && (now = os_milliseconds()) < end) {
        os_socket s = os_accept(t->listener, (unsigned)(end - now), &who);
        if (s >= 0 && is_device(t, &who)) {
            *device = s;
        } else {
            os_hang_up(s);
        }
    }
    return *device >= 0 ? ESPOTA_TAKEN : no_connection(t);
}

// ---- All of it ----------------------------------------------------------------------------------

static enum espota_end open_sockets(struct talk *t)
{
    const struct espota *x = t->x;
    struct os_address from;
    char host[OS_HOST_ROOM];
    if (!os_find_host(x->host, x->port, &t->device)) {
        return cannot(t, "there is no host of this name here",
                      "correct --host, or give its address");
    }
    if (x->own_host != NULL && !os_find_host(x->own_host, 0, &from)) {
        err_set(t->e, STATUS_CANNOT, "--host-ip %s: is no address; give one of this machine",
                x->own_host);
        return ESPOTA_CANNOT;
    }
    t->udp = os_talk(&t->device, x->own_host == NULL ? NULL : &from);
    if (t->udp < 0 && x->own_host != NULL) {
        err_set(t->e, STATUS_CANNOT,
                "--host-ip %s: the device cannot be reached from there: %s; give another address "
                "of this machine, or leave it out",
                x->own_host, strerror(errno));
        return ESPOTA_CANNOT;
    }
    if (t->udp < 0 || !os_own_address(t->udp, &t->own)) {
        return unreachable(t);
    }
    t->listener = os_listen(&t->own, x->own_port);
    if (t->listener < 0 || !os_own_address(t->listener, &t->own) ||
        !os_address_text(&t->own, host, &t->own_port)) {
        err_set(t->e, STATUS_CANNOT, "--host-port %u: cannot be used: %s; choose another port",
                x->own_port, strerror(errno));
        return ESPOTA_CANNOT;
    }
    return ESPOTA_TAKEN;
}

static enum espota_end converse(struct talk *t)
{
    os_socket device = -1;
    enum espota_end end = open_sockets(t);
    end = end == ESPOTA_TAKEN ? invite(t) : end;
    end = end == ESPOTA_TAKEN && says(t, "AUTH ") ? challenge(t, false) : end;
    end = end == ESPOTA_TAKEN && strcmp(t->answer, "OK") != 0 ? no_ok(t) : end;
    end = end == ESPOTA_TAKEN ? await_device(t, &device) : end;
    end = end == ESPOTA_TAKEN ? espota_upload(t->x, device, t->e) : end;
    os_hang_up(device);
    return end;
}

enum espota_end espota_push(const struct espota *x, struct err *e)
{
    struct talk t = {.x = x, .udp = -1, .listener = -1, .arena = ARENA_EMPTY, .e = e};
    enum espota_end end = converse(&t);
    os_hang_up(t.udp);
    os_hang_up(t.listener);
    arena_free(&t.arena);
    return end;
}
