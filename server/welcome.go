package server

import (
	"context"
	"fmt"
	"io"
	"text/template"

	"github.com/tidegate-io/tidegate/server/auth"
)

// firstWelcome has commands that can be pasted line by line. Nothing else is needed.
const firstWelcome = `
  Tidegate is running at {{.URL}}

  Sign in (this link works once, for 24 hours):

    {{.Link}}

  Or evaluate a first flag from a terminal. Paste these four lines:

    curl -sc tidegate.cookies --json '{"token":"{{.Token}}"}' {{.URL}}/api/v1/session
    curl -sb tidegate.cookies -X PUT --json '{"type":"boolean"}' {{.URL}}/api/v1/projects/default/flags/hello
    KEY=$(curl -sb tidegate.cookies --json '{"name":"hello","kind":"server"}' {{.URL}}/api/v1/projects/default/environments/development/sdk-keys | grep -o '"key":"[^"]*' | cut -d'"' -f4)
    curl -s -H "Authorization: Bearer $KEY" --json '{"context":{"targetingKey":"you"}}' {{.URL}}/ofrep/v1/evaluate/flags/hello

`

const laterWelcome = `
  Tidegate is running at {{.URL}}
{{if .Link}}
  Sign in (this link works once, for 24 hours):

    {{.Link}}

{{else}}
  ` + "`flagd sign-in-link`" + ` prints a new one-time sign-in link.

{{end}}`

// welcome tells people where the server is and how to sign in. It includes a link as long as nobody is signed in. It
// is not part of the log, because it holds secrets.
func (s *Server) welcome(ctx context.Context, first bool) error {
	if s.config.Welcome == nil {
		return nil
	}
	values := struct{ URL, Link, Token string }{URL: s.url}
	sessions, err := s.backend.Store.CountSessions(ctx, s.config.Now())
	if err != nil {
		return err
	}
	if sessions == 0 {
		if values.Link, err = SignInLink(ctx, s.backend.Store, s.url, s.config.Now()); err != nil {
			return err
		}
	}
	if !first {
		return tell(s.config.Welcome, laterWelcome, values)
	}
	if values.Token, err = auth.NewSignInLink(ctx, s.backend.Store, adminID, s.config.Now()); err != nil {
		return err
	}
	return tell(s.config.Welcome, firstWelcome, values)
}

func tell(w io.Writer, text string, values any) error {
	tmpl, err := template.New("welcome").Parse(text)
	if err != nil {
		return err
	}
	if err := tmpl.Execute(w, values); err != nil {
		return fmt.Errorf("write welcome: %w", err)
	}
	return nil
}
