package dev.kelpfs.cli.completion;

import dev.kelpfs.cli.completion.Vocabulary.Entry;
import dev.kelpfs.cli.completion.Vocabulary.Word;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The shells for which there is a script, each with its own way of saying what can be completed. */
enum Shell {
    BASH("bash", ".local/share/bash-completion/completions/weed", "open a new shell") {
        @Override
        String script(Vocabulary words) {
            StringBuilder cases = new StringBuilder();
            for (Entry command : words.commands()) {
                cases.append("        ").append(command.name()).append(") flags='").append(flags(command.flags()))
                        .append("' ;;\n");
            }
            return MARK + """

                    _weed() {
                        local current=${COMP_WORDS[COMP_CWORD]} command= word i flags
                        local commands='%s'
                        for ((i = 1; i < COMP_CWORD; i++)); do
                            word=${COMP_WORDS[i]}
                            case $word in -* | =) continue ;; esac
                            case " $commands " in *" $word "*) command=$word; break ;; esac
                        done
                        case $command in
                    %s        '') flags='%s' ;;
                        *) flags= ;;
                        esac
                        if [[ $current == -* ]]; then
                            COMPREPLY=($(compgen -W "$flags" -- "$current"))
                            [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
                        elif [[ -z $command || $command == help ]]; then
                            COMPREPLY=($(compgen -W "$commands" -- "$current"))
                        else
                            COMPREPLY=($(compgen -f -- "$current"))
                        fi
                    }
                    complete -o default -F _weed weed ./weed
                    """.formatted(names(words), cases, flags(words.globalFlags()));
        }
    },
    ZSH("zsh", ".zsh/completions/_weed",
            "put fpath=(~/.zsh/completions $fpath) in front of compinit in ~/.zshrc, then open a new shell") {
        @Override
        String script(Vocabulary words) {
            StringBuilder cases = new StringBuilder();
            for (Entry command : words.commands()) {
                cases.append("        ").append(command.name()).append(")\n            _arguments \\\n")
                        .append(specs(command.flags())).append("                '*:file:_files' ;;\n");
            }
            String commands = words.commands().stream()
                    .map(command -> "        '" + command.name() + ":" + quoted(command.summary()) + "'\n")
                    .collect(Collectors.joining());
            return "#compdef weed\n" + MARK + """

                    _weed() {
                        local -a commands
                        commands=(
                    %s    )
                        local curcontext=$curcontext state line
                        _arguments -C \\
                    %s            '1:command:->command' '*::argument:->argument'
                        case $state in
                        command) _describe command commands ;;
                        argument)
                            case $words[1] in
                            help) _describe command commands ;;
                    %s        esac ;;
                        esac
                    }
                    _weed "$@"
                    """.formatted(commands, specs(words.globalFlags()), cases);
        }
    },
    FISH("fish", ".config/fish/completions/weed.fish", "open a new shell") {
        @Override
        String script(Vocabulary words) {
            StringBuilder script = new StringBuilder(MARK).append("\ncomplete -c weed -f\n");
            String none = "not __fish_seen_subcommand_from " + names(words);
            words.globalFlags().forEach(word -> script.append(line(none, word)));
            for (Entry command : words.commands()) {
                script.append("complete -c weed -n '").append(none).append("' -a '").append(command.name()).append("' -d '")
                        .append(quoted(command.summary())).append("'\n");
                String chosen = "__fish_seen_subcommand_from " + command.name();
                script.append("complete -c weed -n '").append(chosen).append("' -F\n");
                command.flags().forEach(word -> script.append(line(chosen, word)));
            }
            return script.toString();
        }

        private String line(String condition, Word word) {
            return "complete -c weed -n '" + condition + "' -o '" + word.flag().substring(1) + "'"
                    + (word.takesValue() ? " -r" : "") + " -d '" + quoted(word.help()) + "'\n";
        }
    };

    /** By this line an installed script is known to be ours. */
    static final String MARK = "# Completion of the weed command, made by 'weed autocomplete'.";

    private final String word;
    private final String place;
    private final String nextStep;

    Shell(String word, String place, String nextStep) {
        this.word = word;
        this.place = place;
        this.nextStep = nextStep;
    }

    abstract String script(Vocabulary words);

    /** The shell of this name, which may be the path of its program. */
    static Optional<Shell> named(String name) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        return Arrays.stream(values()).filter(shell -> shell.word.equals(base)).findFirst();
    }

    String word() {
        return word;
    }

    /** Where the shell looks for a user's scripts. */
    Path file(Path home) {
        return home.resolve(place);
    }

    /** What the user has to do once it is installed. */
    String nextStep() {
        return nextStep;
    }

    private static String names(Vocabulary words) {
        return words.commands().stream().map(Entry::name).collect(Collectors.joining(" "));
    }

    private static String flags(List<Word> words) {
        return words.stream().map(word -> word.flag() + (word.takesValue() ? "=" : "")).collect(Collectors.joining(" "));
    }

    private static String specs(List<Word> words) {
        return words.stream()
                .map(word -> "                '" + word.flag() + (word.takesValue() ? "=" : "") + "[" + quoted(word.help())
                        + "]" + (word.takesValue() ? ":value:_files" : "") + "' \\\n")
                .collect(Collectors.joining());
    }

    /** Text inside single quotes, without what shells would take for their own. */
    private static String quoted(String text) {
        return text.replace("'", "").replace("[", "(").replace("]", ")").replace(":", ",");
    }
}
