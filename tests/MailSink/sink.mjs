// A mail server that keeps what it gets: a line of JSON a mail on stdout, after a first line with its port.
// Recipients say how they are treated: refused@… has no mailbox, relay@… is none of ours, full@… is put off the first time, spam@… is refused after the whole mail.
// The first argument: milliseconds that it takes to answer the end of a mail, which it has by then.
import { SMTPServer } from "smtp-server";

const pause = Number(process.argv[2] ?? 0);
const seen = new Set();

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  disabledCommands: ["STARTTLS"],
  authOptional: true,
  allowInsecureAuth: true,
  onAuth: (auth, session, done) => auth.password === "right" ? done(null, { user: auth.username }) : done(refusal(535, "5.7.8 No.")),
  onRcptTo({ address }, session, done) {
    if (address.startsWith("refused")) return done(refusal(550, "5.1.1 No such user."));
    if (address.startsWith("relay")) return done(refusal(554, "5.7.1 Relay access denied."));
    if (address.startsWith("full") && !seen.has(address)) return seen.add(address), done(refusal(452, "4.2.2 The mailbox is full."));
    done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", part => parts.push(part));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      if (rcptTo[0].address.startsWith("spam")) return done(refusal(554, "5.6.0 We do not like it."));
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map(r => r.address), raw: Buffer.concat(parts).toString("latin1") }));
      setTimeout(done, pause);
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
// It ends with whoever has started it.
process.stdin.on("end", () => process.exit()).resume();
