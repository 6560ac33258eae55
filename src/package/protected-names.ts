/**
 * Names that a package gets only with an explicit yes, wherever the bin directory is on PATH: programs with these names
 * are given passwords, keys or privileges, or are run by nearly every script. Other programs (git, curl, python) are not
 * listed, because hiding an installed program needs a yes anyway.
 */
const PROTECTED: Readonly<Record<string, string>> = {
  "is given passwords, keys or rights": `
    sudo sudoedit visudo su doas pkexec run0 login passwd chsh chfn newgrp
    ssh scp sftp ssh-add ssh-agent ssh-keygen sshd gpg gpg2 gpg-agent pinentry pkg`,
  "is a shell": "sh bash dash zsh fish ksh mksh rbash csh tcsh",
  "is a command that scripts rely on": `
    [ awk basename cat chgrp chmod chown chroot cp date dd df dirname du echo env expr false find grep head id install
    kill killall ln ls mkdir mknod mktemp mv nice nohup pidof pkill printenv printf ps pwd readlink realpath rm rmdir sed
    sleep sort stat stty sync tail tar tee test touch tr true uname uniq wc which whoami xargs`,
  "looks after the system": `
    apt apt-get dpkg dnf yum rpm pacman apk zypper nix snap flatpak
    systemctl service init reboot shutdown poweroff halt mount umount fsck mkfs fdisk crontab
    iptables nft ip useradd userdel usermod groupadd ld ldd ldconfig`,
};

const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries(PROTECTED).flatMap(([reason, names]) => wordsOf(names).map((name) => [name, reason] as const)),
);

/** Why a link with this name needs an explicit yes, to be put after the name: `is a shell`; null: it does not. */
export function protectedReason(name: string): string | null {
  return REASONS.get(name) ?? null;
}

function wordsOf(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
