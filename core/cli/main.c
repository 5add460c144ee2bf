/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The command line. It sees the public headers only, like any other program that uses the core.
 *
 * Results go to stdout, sentences about errors to stderr as "archivist: …". With --json the result or the
 * error is one JSON object on stdout. A command returns its exit code and, when that is not 0, an error. This
 * file alone prints the error, closes stdout and dies of a signal. If stdout did not take the places of new
 * archives, it prints them on stderr.
 */

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "made.h"
#include "session.h"
#include "signals.h"
#include "text.h"

enum { MAIN_DESCRIPTORS = 24 };

static bool main_json;

static int main_fail(const arv_error *err, const char *hint, int exit_code)
{
    if (signals_taken() == SIGPIPE)
        return exit_code; /* who reads the output knows that it went away */
    fputs("archivist: ", stderr);
    text_write_sentence(stderr, err->message);
    fprintf(stderr, "%s%s\n", hint ? " " : "", hint ? hint : "");
    if (main_json)
        json_error(err, hint, exit_code);
    return exit_code;
}

/* Replaces a descriptor that the caller closed by one on which every call fails (EBADF). */
static void main_useless(int descriptor, int flags)
{
    int fd = open("/dev/null", flags | O_CLOEXEC);
    if (fd < 0)
        return;
    dup3(fd, descriptor, O_CLOEXEC);
    close(fd);
}

/* A closed standard descriptor must not become that of an archive. Its output is lost and its input is empty,
 * which must be an error. And libuv would abort where there are too few. */
static bool main_descriptors(void)
{
    int fds[MAIN_DESCRIPTORS], count = 0;
    while (count < MAIN_DESCRIPTORS && (fds[count] = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0)
        count++;
    bool enough = count == MAIN_DESCRIPTORS;
    bool closed[STDERR_FILENO + 1] = {false};
    while (count > 0)
        if (fds[--count] > STDERR_FILENO)
            close(fds[count]);
        else
            closed[fds[count]] = true;
    if (closed[STDIN_FILENO])
        main_useless(STDIN_FILENO, O_WRONLY);
    if (closed[STDOUT_FILENO])
        main_useless(STDOUT_FILENO, O_RDONLY);
    return enough;
}

static int main_close_stdout(void)
{
    arv_error err;
    int error = made_flush();
    if (!error)
        return CLI_OK;
    if (signals_taken() == SIGPIPE && !made_any())
        return CLI_TARGET; /* who reads the output knows that it went away */
    arv_error_system(&err, error, "The results could not be written to stdout");
    fputs("archivist: ", stderr);
    text_write_sentence(stderr, err.message);
    made_write(stderr);
    putc('\n', stderr);
    return CLI_TARGET;
}

/* Returns whether --json is among the options, for errors in the options themselves. */
static bool main_wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

static int main_command(const cli_command *command, int argc, char **argv)
{
    static cli_options options; /* large; one command a process */
    arv_error err = {0};
    if (cli_options_parse(&options, command, argc, argv, &err) < 0)
        return main_fail(&err, NULL, CLI_USAGE);
    if (options.help) {
        fputs(command->help, stdout);
        return CLI_OK;
    }
    int exit_code = command->run(&options, &err);
    if (exit_code != CLI_OK && err.code != ARV_OK)
        main_fail(&err, cli_hint(&options, &err), exit_code);
    return exit_code;
}

static int main_help(int argc, char **argv)
{
    int words;
    const cli_command *command = argc > 0 ? cli_command_find(argc, argv, &words) : NULL;
    fputs(command ? command->help : cli_help, stdout);
    return CLI_OK;
}

static int main_dispatch(int argc, char **argv)
{
    static char version[] = "version";
    arv_error err;
    int words;
    char *word = argc > 1 ? argv[1] : NULL;
    if (cli_secrets_refuse(argc, argv, &err) < 0)
        return main_fail(&err, NULL, CLI_USAGE);
    if (word && (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0))
        argv[1] = word = version;
    const cli_command *command = word ? cli_command_find(argc - 1, argv + 1, &words) : NULL;
    if (command)
        return main_command(command, argc - words, argv + words);
    if (word && (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0))
        return main_help(argc - 2, argv + 2);
    if (!word || word[0] == '-')
        arv_error_set(&err, ARV_EINVALID, "A command is missing; \"archivist --help\" names them all.");
    else
        arv_error_set(&err, ARV_EINVALID, "There is no command \"%s\"; \"archivist --help\" names them all.",
                      word);
    return main_fail(&err, NULL, CLI_USAGE);
}

int main(int argc, char **argv)
{
    main_json = main_wants_json(argc, argv);
    if (!main_descriptors()) {
        arv_error err;
        arv_error_set(&err, ARV_ESYSTEM,
                      "Fewer than %d more files can be opened; raise the limit (ulimit -n).",
                      MAIN_DESCRIPTORS);
        return main_fail(&err, NULL, CLI_LIMIT);
    }
    signals_install(main_json);
    int exit_code = main_dispatch(argc, argv);
    int closed = main_close_stdout();
    if (signals_taken() == SIGPIPE || (signals_taken() && exit_code == CLI_CANCELED))
        signals_die();
    return exit_code != CLI_OK ? exit_code : closed;
}
