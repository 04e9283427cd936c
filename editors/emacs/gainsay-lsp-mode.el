;;; gainsay-lsp-mode.el --- claim files with lsp-mode  -*- lexical-binding: t; -*-

;; For the packages `lsp-mode' and `yaml-mode'. Put this file on your `load-path', and this line into your init file:
;;
;;     (require 'gainsay-lsp-mode)

;;; Code:

(require 'lsp-mode)
(require 'yaml-mode)

;; YAML files in a folder `claims' get their own mode, so that other YAML files are not affected.
(define-derived-mode gainsay-mode yaml-mode "Claims"
  "Who claims what, in which source.")

(add-to-list 'auto-mode-alist '("/claims/.*\\.ya?ml\\'" . gainsay-mode))
(add-to-list 'lsp-language-id-configuration '(gainsay-mode . "yaml"))
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection '("gainsay" "lsp"))
                  :major-modes '(gainsay-mode)
                  :server-id 'gainsay))
(add-hook 'gainsay-mode-hook #'lsp-deferred)

(provide 'gainsay-lsp-mode)
;;; gainsay-lsp-mode.el ends here
