// Ends a closed loop by time: Artillery itself ends one by count only. The deadline is counted from the first iteration,
// so that starting up costs no load.
let endsAt;

module.exports = {
  keepGoing(context, done) {
    endsAt ??= Date.now() + Number(process.env.SECONDS) * 1000;
    return done(Date.now() < endsAt);
  },
};
