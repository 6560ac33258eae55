/** What `update` and `outdated` do about packages of which nobody can tell whether they are up to date; ends their help. */
export const UNJUDGED = `A package that cannot be judged stays as it is, and is named with the reason: it was withdrawn from its repository, or that was \
removed, is disabled, cannot be reached, or has an index that has expired. What was installed by a tag is asked for at its registry, \
for at most 10 s; a tag that was deleted counts as withdrawn. With --json the item has an error.

Whether that fails the command: always for a repository that cannot be reached (exit code 75) and for an index that is missing or has \
expired (1). What another try does not change, a withdrawn package, a removed or disabled repository, fails only a command that names \
the package (1): the update of everything, as by cron, does not fail every night because of it.`;
