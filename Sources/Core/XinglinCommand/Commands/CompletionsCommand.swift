internal import ArgumentParser

struct CompletionsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "completions",
            abstract: words(zh: "输出 shell 的补全脚本。", en: "Print the completion script for a shell."),
            discussion: words(
                zh: """
                    补全命令、选项，以及方法名、机构代码、模块代码、角色和设置名，不等待网络。

                    bash：xinglin completions bash > ~/.local/share/bash-completion/completions/xinglin
                    zsh： xinglin completions zsh > ~/.zfunc/_xinglin（~/.zfunc 须在 fpath 中）
                    fish：xinglin completions fish > ~/.config/fish/completions/xinglin.fish
                    """,
                en: """
                    It completes commands and flags, and names of methods, sites, modules, roles and settings, without
                    waiting for a network.

                    bash: xinglin completions bash > ~/.local/share/bash-completion/completions/xinglin
                    zsh:  xinglin completions zsh > ~/.zfunc/_xinglin    (with ~/.zfunc in fpath)
                    fish: xinglin completions fish > ~/.config/fish/completions/xinglin.fish
                    """))
    }

    @Argument(
        help: .both(zh: "bash、zsh 或 fish。", en: "bash, zsh or fish."), completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: self.shell) else {
            throw ValidationError(
                words(
                    zh: "没有 \(self.shell) 的补全：请用 bash、zsh 或 fish",
                    en: "there are no completions for \(self.shell): take bash, zsh or fish"))
        }
        try Console.output(RootCommand.completionScript(for: shell))
    }
}
