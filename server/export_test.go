package server

// CloseListenerForTest closes what one of the listeners listens on, as if the system had: 0 is that of HTTP, then
// come those of flagd's protocols.
func CloseListenerForTest(s *Server, index int) error {
	if index == 0 {
		return s.listener.Close()
	}
	return s.flagd[index-1].listener.Close()
}
