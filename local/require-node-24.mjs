// The platform's Node 24 comes with `npm ci` as an optional dependency; without it npm falls back to its own Node unseen.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `This needs Node 24, and "npm ci" brings it as an optional dependency; found ${process.versions.node}.\n` +
      'Run "npm ci" again without --omit=optional, or use a Node 24 of your own on a platform that has no package.',
  );
  process.exit(1);
}
