/** Short questions in six languages, line by line: English, German, French, Spanish, Italian, Portuguese. `{x}` is a noun's place in the row. */

function toRows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length > 1);
}

export const FRAMES = toRows(`
  What is {x}?|Was ist {x}?|Qu'est-ce que {x} ?|¿Qué es {x}?|Che cos'è {x}?|O que é {x}?
  Why is {x} important?|Warum ist {x} wichtig?|Pourquoi {x} est-il important ?|¿Por qué es importante {x}?|Perché è importante {x}?|Por que {x} é importante?
  How does {x} work?|Wie funktioniert {x}?|Comment fonctionne {x} ?|¿Cómo funciona {x}?|Come funziona {x}?|Como funciona {x}?
  Where can I find {x}?|Wo finde ich {x}?|Où puis-je trouver {x} ?|¿Dónde puedo encontrar {x}?|Dove posso trovare {x}?|Onde posso encontrar {x}?
  Who discovered {x}?|Wer hat {x} entdeckt?|Qui a découvert {x} ?|¿Quién descubrió {x}?|Chi ha scoperto {x}?|Quem descobriu {x}?
  How much does {x} cost?|Wie viel kostet {x}?|Combien coûte {x} ?|¿Cuánto cuesta {x}?|Quanto costa {x}?|Quanto custa {x}?
  Tell me something about {x}|Erzähl mir etwas über {x}|Dis-moi quelque chose sur {x}|Cuéntame algo sobre {x}|Dimmi qualcosa su {x}|Conte-me algo sobre {x}
  Write a poem about {x}|Schreibe ein Gedicht über {x}|Écris un poème sur {x}|Escribe un poema sobre {x}|Scrivi una poesia su {x}|Escreva um poema sobre {x}
  What are the effects of {x}?|Was sind die Folgen von {x}?|Quels sont les effets de {x} ?|¿Cuáles son los efectos de {x}?|Quali sono gli effetti di {x}?|Quais são os efeitos de {x}?
  When did {x} begin?|Wann hat {x} begonnen?|Quand {x} a-t-il commencé ?|¿Cuándo comenzó {x}?|Quando è iniziato {x}?|Quando começou {x}?
  Explain {x} to a child|Erkläre einem Kind {x}|Explique {x} à un enfant|Explica {x} a un niño|Spiega {x} a un bambino|Explique {x} a uma criança
  I want to learn more about {x}|Ich möchte mehr über {x} lernen|Je veux en savoir plus sur {x}|Quiero aprender más sobre {x}|Voglio sapere di più su {x}|Quero aprender mais sobre {x}
  Is {x} dangerous?|Ist {x} gefährlich?|Est-ce que {x} est dangereux ?|¿Es peligroso {x}?|È pericoloso {x}?|{x} é perigoso?
  What do people think of {x}?|Was denken die Leute über {x}?|Que pensent les gens de {x} ?|¿Qué piensa la gente de {x}?|Cosa pensa la gente di {x}?|O que as pessoas pensam de {x}?`);

export const NOUNS = toRows(`
  love|die Liebe|l'amour|el amor|l'amore|o amor
  music|die Musik|la musique|la música|la musica|a música
  electricity|der Strom|l'électricité|la electricidad|l'elettricità|a eletricidade
  democracy|die Demokratie|la démocratie|la democracia|la democrazia|a democracia
  gravity|die Schwerkraft|la gravité|la gravedad|la gravità|a gravidade
  happiness|das Glück|le bonheur|la felicidad|la felicità|a felicidade
  inflation|die Inflation|l'inflation|la inflación|l'inflazione|a inflação
  coffee|der Kaffee|le café|el café|il caffè|o café
  bread|das Brot|le pain|el pan|il pane|o pão
  water|das Wasser|l'eau|el agua|l'acqua|a água
  gold|das Gold|l'or|el oro|l'oro|o ouro
  silver|das Silber|l'argent|la plata|l'argento|a prata
  the brain|das Gehirn|le cerveau|el cerebro|il cervello|o cérebro
  the heart|das Herz|le cœur|el corazón|il cuore|o coração
  the moon|der Mond|la lune|la luna|la luna|a lua
  the sun|die Sonne|le soleil|el sol|il sole|o sol
  war|der Krieg|la guerre|la guerra|la guerra|a guerra
  peace|der Frieden|la paix|la paz|la pace|a paz
  money|das Geld|l'argent|el dinero|il denaro|o dinheiro
  time|die Zeit|le temps|el tiempo|il tempo|o tempo
  sleep|der Schlaf|le sommeil|el sueño|il sonno|o sono
  freedom|die Freiheit|la liberté|la libertad|la libertà|a liberdade
  philosophy|die Philosophie|la philosophie|la filosofía|la filosofia|a filosofia
  history|die Geschichte|l'histoire|la historia|la storia|a história
  chocolate|die Schokolade|le chocolat|el chocolate|il cioccolato|o chocolate
  the internet|das Internet|l'internet|el internet|internet|a internet
  the climate|das Klima|le climat|el clima|il clima|o clima
  winter|der Winter|l'hiver|el invierno|l'inverno|o inverno
  cancer|Krebs|le cancer|el cáncer|il cancro|o câncer
  artificial intelligence|künstliche Intelligenz|l'intelligence artificielle|la inteligencia artificial|l'intelligenza artificiale|a inteligência artificial
  renewable energy|erneuerbare Energie|l'énergie renouvelable|la energía renovable|l'energia rinnovabile|a energia renovável
  the stock market|die Börse|la bourse|la bolsa|la borsa|a bolsa de valores
  football|der Fußball|le football|el fútbol|il calcio|o futebol
  mathematics|die Mathematik|les mathématiques|las matemáticas|la matematica|a matemática
  the universe|das Universum|l'univers|el universo|l'universo|o universo
  fear|die Angst|la peur|el miedo|la paura|o medo`);
