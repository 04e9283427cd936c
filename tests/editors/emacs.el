;;; emacs.el --- drives Emacs with editors/emacs over a workspace  -*- lexical-binding: t; -*-

;; Edits as a person would, and records the results. The folder is in $WORKSPACE, the file for the results in $ANSWERS.

;;; Code:

(require 'package)
(package-initialize)
(require 'cl-lib)
(require 'json)
(require 'gainsay-eglot)
(require 'jsonrpc)
(require 'flymake)
(require 'xref)

(defvar root (file-name-as-directory (getenv "WORKSPACE")))
(defvar seen nil)
(setq eglot-confirm-server-initiated-edits nil
      eglot-connect-timeout 120
      eglot-sync-connect 120
      jsonrpc-default-request-timeout 120 ; enough for a slow machine
      create-lockfiles nil
      make-backup-files nil)

(defun see (key value) (push (cons key value) seen))

(defmacro wait-for (what &rest condition)
  "Let Emacs do its work until CONDITION holds."
  `(let ((end (+ (float-time) 120)))
     (while (not (progn ,@condition))
       (when (> (float-time) end) (error "Waited in vain for %s" ,what))
       (accept-process-output nil 0.02))))

(defun open (file)
  "Visit FILE, and connect as Emacs does after a command."
  (find-file (expand-file-name file root))
  (run-hooks 'post-command-hook)
  (current-buffer))

(defun flush ()
  "Send what was typed, as Emacs does when nobody types for a while."
  (eglot--signal-textDocument/didChange))

(defun messages (buffer)
  (with-current-buffer buffer
    (flymake-start)
    (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))

(defun says (buffer text)
  (cl-some (lambda (it) (string-match-p (regexp-quote text) it)) (messages buffer)))

(defun go-to (buffer text &optional offset)
  (switch-to-buffer buffer)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) (or offset 0))))

(defun replace (buffer old new)
  (go-to buffer old)
  (delete-region (point) (+ (point) (length old)))
  (insert new)
  (flush))

(defun names (entries)
  "The names in an imenu index, of whatever depth."
  (cl-loop for entry in entries
           when (stringp (car-safe entry)) collect (car entry)
           when (and (consp (cdr-safe entry)) (listp (cdr entry))) append (names (cdr entry))))

(defun drive ()
  (see 'foreign (progn (open "compose.yaml") (symbol-name major-mode)))
  (let* ((one (open "claims/one.yaml"))
         (server (progn (wait-for "the server" (eglot-current-server)) (eglot-current-server)))
         (two (open "claims/two.yaml"))
         (people (open "claims/people.yaml")))
    (wait-for "all files" (with-current-buffer people (eglot-managed-p)) (with-current-buffer two (eglot-managed-p)))
    (see 'servers (length (cl-remove-duplicates
                           (mapcar (lambda (it) (with-current-buffer it (eglot-current-server))) (list one two people)))))
    (see 'root (project-root (eglot--project server)))

    ;; Type a clash after characters that are one character for people and two units in the protocol.
    (replace two "at least 90" "36")
    (wait-for "the clash" (and (says one "36") (says two "36")))
    (replace two "𝄞" "𝄞𝄞\n      é𝄞")
    (go-to two "36")
    (let ((place (point)))
      (wait-for "the moved clash"
        (with-current-buffer two
          (flymake-start)
          (cl-some (lambda (it) (= (flymake-diagnostic-beg it) place)) (flymake-diagnostics)))))
    (see 'marked (with-current-buffer two
                   (let ((it (car (flymake-diagnostics))))
                     (buffer-substring-no-properties (flymake-diagnostic-beg it) (flymake-diagnostic-end it)))))

    (go-to two "about: raid" 8)
    (see 'hover (format "%S" (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
    (xref-find-definitions (xref-backend-identifier-at-point 'eglot))
    (see 'definition (list (buffer-name) (buffer-substring-no-properties (line-beginning-position) (line-end-position))))
    (go-to people "raid:" 1)
    (see 'references (vconcat (mapcar (lambda (it) (file-name-nondirectory (xref-location-group (xref-item-location it))))
                                      (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot)))))
    (see 'symbols (vconcat (names (eglot-imenu))))

    ;; Complete ids in a line that is being written.
    (switch-to-buffer one)
    (goto-char (point-max))
    (insert "  more: { by: ")
    (flush)
    (pcase-let ((`(,_ ,_ ,table . ,_) (eglot-completion-at-point)))
      (see 'completion (vconcat (mapcar #'substring-no-properties (all-completions "" table)))))
    (delete-region (line-beginning-position) (point-max))
    (flush)

    (go-to people "raid:" 1)
    (eglot-rename "strike")
    (dolist (buffer (list one two people))
      (go-to buffer "strike")
      (flush))
    (wait-for "the clash under its new name" (and (says one "36") (says two "36")))

    ;; Make a mistake, and choose the action that fixes it from the list.
    (replace one "measure: killed" "measure: kiled")
    (wait-for "the mistake" (says one "kiled"))
    (go-to one "kiled" 1)
    (let* ((pick (lambda (_ choices &rest _)
                   (let ((titles (mapcar (lambda (it) (if (consp it) (car it) it)) choices)))
                     (see 'actions (vconcat titles))
                     (cl-find-if (lambda (it) (string-match-p "killed" it)) titles)))))
      ;; Choose with a key, not with the mouse.
      (let ((last-nonmenu-event ?a))
        (cl-letf (((symbol-function 'completing-read) pick))
          (eglot-code-actions (point) (1+ (point)) nil t))))
    (wait-for "the mended text" (with-current-buffer one (save-excursion (goto-char (point-min)) (search-forward "measure: killed" nil t))))

    ;; Format a text that is not in the right layout.
    (replace one "at: p2 }" "at: p2 }   ")
    (eglot-format-buffer)
    (flush)
    (see 'formatted (with-current-buffer one (buffer-substring-no-properties (point-min) (point-max))))
    (wait-for "the clash as before" (and (says one "36") (says two "36")))
    (save-some-buffers t)
    (eglot-shutdown server nil 120)
    (see 'done t)))

(defun answer ()
  (let ((coding-system-for-write 'utf-8-unix))
    (with-temp-file (getenv "ANSWERS") (insert (json-encode seen)))))

(condition-case failed
    (drive)
  ((error quit) (see 'error (format "%S" failed))))
(answer)
(kill-emacs (if (assq 'error seen) 1 0))
;;; emacs.el ends here
